"""The direction of text: which paragraphs run from right to left, and how Word is told."""

from __future__ import annotations

import unicodedata
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter with a direction runs from right to left (UAX 9, rules P2 and P3)."""
    if text.isascii():
        return False
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


# The order of properties is part of the standard (ISO/IEC 29500, 17.3), which Word insists on: these follow each.
_AFTER_BIDI = (
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
_AFTER_RTL = "cs em lang eastAsianLayout specVanish oMath rPrChange"


def turn_around(paragraph: Any) -> None:
    """Let a paragraph of a Word document run from right to left."""
    _mark(paragraph.get_or_add_pPr(), "w:bidi", _AFTER_BIDI)
    for run in paragraph.r_lst:
        _mark(run.get_or_add_rPr(), "w:rtl", _AFTER_RTL)


def _mark(properties: Any, name: str, after: str) -> None:
    if properties.find(qn(name)) is None:
        properties.insert_element_before(OxmlElement(name), *(f"w:{one}" for one in after.split()))
