"""Word documents (Office Open XML, ISO/IEC 29500), written with python-docx.

Text from right to left has `w:bidi` and `w:rtl`, and East Asian text a font of its own. Word brings the fonts: none is
embedded.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from transcripts.formats.documents.turns import DocumentOptions, clean, is_right_to_left, turns

if TYPE_CHECKING:
    from transcripts.formats.script import Script

Options = DocumentOptions

LATIN, COMPLEX = "Calibri", "Arial"
EAST_ASIAN = {"ja": "Yu Gothic", "ko": "Malgun Gothic", "zh": "Microsoft YaHei", "zh-tw": "Microsoft JhengHei"}
GREY = RGBColor(0x6B, 0x6B, 0x6B)
HEADING, TEXT = "Transcript Turn", "Transcript Text"


def render(script: Script, options: DocumentOptions) -> bytes:
    """Return the document: title, details, and the turns with a paragraph a segment."""
    document = Document()
    _prepare(document, script)
    if title := clean(script.title):
        _write(document, title, "Title")
    if options.details and script.details:
        _table(document, script)
    body = _Body(document)
    for turn in turns(script, options):
        if turn.heading:
            body.add(turn.heading, HEADING)
        for segment in turn.segments:
            body.add(clean(segment.text), TEXT)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _prepare(document: Any, script: Script) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(script.title)[:255], "", ""
    properties.language = script.language
    _fonts(document.styles["Normal"], script.language)
    heading = document.styles.add_style(HEADING, WD_STYLE_TYPE.PARAGRAPH)
    heading.base_style, heading.font.bold, heading.font.color.rgb = document.styles["Normal"], True, GREY
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(12), Pt(2)
    heading.paragraph_format.keep_with_next = True
    text = document.styles.add_style(TEXT, WD_STYLE_TYPE.PARAGRAPH)
    text.base_style, text.paragraph_format.space_after = document.styles["Normal"], Pt(6)


def _fonts(style: Any, language: str) -> None:
    style.font.name, style.font.size = LATIN, Pt(11)
    tag = language.lower()
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:cs"), COMPLEX)
    fonts.set(qn("w:eastAsia"), EAST_ASIAN.get(tag) or EAST_ASIAN.get(tag.partition("-")[0]) or EAST_ASIAN["zh"])
    if language:
        named = OxmlElement("w:lang")
        for attribute in ("w:val", "w:eastAsia", "w:bidi"):
            named.set(qn(attribute), language)
        style.element.rPr.append(named)


def _write(document: Any, text: str, style: str) -> None:
    paragraph = document.add_paragraph(text, style=style)
    if is_right_to_left(text):
        _turn_around(paragraph._p)


def _turn_around(paragraph: Any) -> None:
    """Let a paragraph run from right to left."""
    # The order of properties is part of the standard, which Word insists on: the direction follows the style.
    paragraph.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), "w:jc", "w:rPr", "w:sectPr")
    for run in paragraph.r_lst:
        run.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _table(document: Any, script: Script) -> None:
    table = document.add_table(rows=0, cols=2)
    for label, value in script.details:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = clean(label), clean(value)
        cells[0].paragraphs[0].runs[0].font.color.rgb = GREY


class _Body:
    """Append many paragraphs; python-docx would look for the style and the end again for each."""

    def __init__(self, document: Any) -> None:
        self._end = document.element.body.sectPr
        self._ids = {name: document.styles[name].style_id for name in (HEADING, TEXT)}

    def add(self, text: str, style: str) -> None:
        paragraph = OxmlElement("w:p")
        paragraph.style = self._ids[style]
        paragraph.add_r().text = text
        if is_right_to_left(text):
            _turn_around(paragraph)
        self._end.addprevious(paragraph)
