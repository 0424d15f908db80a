"""Word documents (Office Open XML, ISO/IEC 29500), written with python-docx, in a template of the team if it has one.

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

from transcripts.formats.documents import placeholders
from transcripts.formats.documents.direction import is_right_to_left, turn_around
from transcripts.formats.documents.turns import DocumentOptions, clean, turns

if TYPE_CHECKING:
    from transcripts.formats.script import Script, Template

Options = DocumentOptions

LATIN, COMPLEX = "Calibri", "Arial"
EAST_ASIAN = {"ja": "Yu Gothic", "ko": "Malgun Gothic", "zh": "Microsoft YaHei", "zh-tw": "Microsoft JhengHei"}
GREY = RGBColor(0x6B, 0x6B, 0x6B)
TITLE, HEADING, TEXT = "Title", "Transcript Turn", "Transcript Text"
# A template with one of these says itself what the details below the title say.
DETAILS = {"date", "speakers", "duration"}


def render(script: Script, options: DocumentOptions) -> bytes:
    """Return the document: title, details, and the turns with a paragraph a segment.

    A template shows title and details by its placeholders; what it has none for is written above the transcript.
    """
    document = Document(io.BytesIO(script.template.content)) if script.template else Document()
    found = _filled(document, script.template) if script.template else placeholders.Found()
    _prepare(document, script)
    body = _Body(document, found.place)
    if (title := clean(script.title)) and "title" not in found.names:
        body.add(title, TITLE)
    if options.details and script.details and not found.names & DETAILS:
        body.add_table(script.details)
    for turn in turns(script, options):
        if turn.heading:
            body.add(turn.heading, HEADING)
        for segment in turn.segments:
            body.add(clean(segment.text), TEXT)
    body.close()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _filled(document: Any, template: Template) -> placeholders.Found:
    """Fill the placeholders of the body, headers and footers."""
    values = {name: clean(value) for name, value in template.values.items()} | {placeholders.TRANSCRIPT: ""}
    found = placeholders.fill([document.element.body], values)
    kinds = ("header", "footer", "first_page_header", "first_page_footer", "even_page_header", "even_page_footer")
    edges = (getattr(section, kind) for section in document.sections for kind in kinds)
    # One that follows the section before it has no part of its own, and reading it would add one
    found.names |= placeholders.fill([one._element for one in edges if not one.is_linked_to_previous], values).names
    return found


def _prepare(document: Any, script: Script) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(script.title)[:255], "", ""
    properties.language = script.language
    if script.template is None:
        _fonts(document.styles["Normal"], script.language, latin=LATIN)
        document.styles["Normal"].font.size = Pt(11)
    if heading := _added_style(document, HEADING, script):
        heading.font.bold, heading.font.color.rgb = True, GREY
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(12), Pt(2)
        heading.paragraph_format.keep_with_next = True
    if text := _added_style(document, TEXT, script):
        text.paragraph_format.space_after = Pt(6)
    if title := _added_style(document, TITLE, script):
        title.font.bold, title.font.size = True, Pt(20)


def _added_style(document: Any, name: str, script: Script) -> Any:
    """Return a new style for paragraphs that is based on the ordinary one; None if the document has it already."""
    if name in document.styles and document.styles[name].type == WD_STYLE_TYPE.PARAGRAPH:
        return None
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    if script.template is not None:
        _fonts(style, script.language)
    return style


def _fonts(style: Any, language: str, latin: str = "") -> None:
    """Name fonts that have the letters of the language; those of Latin letters only if one is given."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    if latin:
        style.font.name = latin
    tag = language.lower()
    fonts.set(qn("w:cs"), COMPLEX)
    fonts.set(qn("w:eastAsia"), EAST_ASIAN.get(tag) or EAST_ASIAN.get(tag.partition("-")[0]) or EAST_ASIAN["zh"])
    if language:
        named = OxmlElement("w:lang")
        for attribute in ("w:val", "w:eastAsia", "w:bidi"):
            named.set(qn(attribute), language)
        style.element.rPr.append(named)


class _Body:
    """Append many paragraphs at one place; python-docx would look for the style and the end again for each."""

    def __init__(self, document: Any, place: Any) -> None:
        self._document = document
        body = document.element.body
        self._before = body.get_or_add_sectPr() if place is None else place
        self._ids = {name: document.styles[name].style_id for name in (TITLE, HEADING, TEXT)}

    def add(self, text: str, style: str) -> None:
        """Write a paragraph."""
        paragraph = OxmlElement("w:p")
        paragraph.style = self._ids[style]
        paragraph.add_r().text = text
        if is_right_to_left(text):
            turn_around(paragraph)
        self._before.addprevious(paragraph)

    def add_table(self, rows: tuple[tuple[str, str], ...]) -> None:
        """Write labels and values as a table."""
        table = self._document.add_table(rows=0, cols=2)
        for label, value in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = clean(label), clean(value)
            cells[0].paragraphs[0].runs[0].font.color.rgb = GREY
        self._before.addprevious(table._tbl)

    def close(self) -> None:
        """Remove the paragraph that held the place, unless there is more in it or a section or a cell ends with it."""
        place = self._before
        previous = place.getprevious()
        if place.tag != qn("w:p") or previous is None or previous.tag != qn("w:p"):
            return
        more = (qn("w:t"), qn("w:drawing"), qn("w:pict"), qn("w:sectPr"))
        if not any((one.text or "").strip() or one.tag != more[0] for one in place.iter(*more)):
            place.getparent().remove(place)
