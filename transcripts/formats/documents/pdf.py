"""PDF files, written with fpdf2: embedded fonts for the scripts of the text, right to left where it runs so.

Only paragraphs that need it are shaped (HarfBuzz): shaping takes three times as long as everything else.
"""

from __future__ import annotations

import itertools
import logging
import unicodedata
from typing import TYPE_CHECKING, Any

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from transcripts.document import scripts
from transcripts.formats.documents import fonts
from transcripts.formats.documents.direction import is_right_to_left
from transcripts.formats.documents.turns import DocumentOptions, clean, turns
from transcripts.formats.options import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transcripts.formats.script import Script

Options = DocumentOptions

# They would write letters of the transcript to the log.
for name in ("fpdf", "fontTools"):
    logging.getLogger(name).setLevel(logging.ERROR)

MARGIN_MM, WIDTH_MM = 22, 166
TITLE_PT, TEXT_PT, SMALL_PT = 20, 11, 9
# Room for what a cell keeps free at its sides
SLACK_MM = 3
KEPT_MM = 22
# Lines are so many points high for each point of their letters.
LEADING = 1.45
BLACK, GREY = (26, 26, 26), (107, 107, 107)
NO_LETTERS = (
    "The PDF fonts of this instance have no letters for “{letters}”. Export as DOCX or TXT instead, which keep them."
)


def render(script: Script, options: DocumentOptions) -> bytes:
    """Return the document: title, details, and the turns with a paragraph a segment. Raises FormatError."""
    page = _Pages(script)
    try:
        _write(page, script, options)
        return bytes(page.output())
    finally:
        page.close_fonts()


def _write(page: _Pages, script: Script, options: DocumentOptions) -> None:
    if title := clean(script.title):
        page.write(title, TITLE_PT, after_mm=3)
    if options.details:
        for label, value in script.details:
            page.write(f"{clean(label)}: {clean(value)}", SMALL_PT, colour=GREY)
    page.ln(4)
    for turn in turns(script, options):
        if turn.heading:
            page.keep_together()
            page.write(turn.heading, SMALL_PT, colour=GREY, before_mm=3)
        for segment in turn.segments:
            page.write(clean(segment.text), TEXT_PT, after_mm=1.5)


class _Pages(FPDF):  # type: ignore[misc]
    """A4 pages with a number at the foot."""

    def __init__(self, script: Script) -> None:
        super().__init__(format="A4")
        self._loaded: set[str] = set()
        self._checked: set[str] = set()
        self._widths: dict[tuple[str, str, int], float] = {}
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=MARGIN_MM)
        self.set_title(clean(script.title))
        if script.language:
            self.set_lang(script.language)
        self._use([fonts.LATIN])
        self.add_page()

    def footer(self) -> None:
        """Write the number of the page."""
        self.set_y(-15)
        self.set_text_shaping(use_shaping_engine=False)
        self.set_font(fonts.LATIN.name, size=SMALL_PT)
        self.set_text_color(*GREY)
        self.cell(0, 5, str(self.page_no()), align=Align.C)

    def close_fonts(self) -> None:
        """Close the files of the fonts, which fpdf2 leaves open."""
        loaded: dict[str, Any] = self.fonts
        for font in loaded.values():
            font.ttfont.close()

    def keep_together(self) -> None:
        """Begin a new page if a heading and two lines don't fit on this one."""
        if self.will_page_break(KEPT_MM):
            self.add_page()

    def write(
        self,
        text: str,
        size_pt: int,
        *,
        colour: tuple[int, int, int] = BLACK,
        before_mm: float = 0,
        after_mm: float = 0,
    ) -> None:
        """Write a paragraph."""
        if not text:
            return
        needed = fonts.of(text)
        self._use(needed)
        self._refuse_unknown_letters(text, needed)
        runs_left = is_right_to_left(text)
        self.set_text_shaping(
            use_shaping_engine=fonts.must_be_shaped(text, needed), direction="rtl" if runs_left else "ltr"
        )
        self.set_font(needed[0].name, size=size_pt)
        self.set_text_color(*colour)
        if before_mm and self.get_y() > MARGIN_MM:
            self.ln(before_mm)
        self._lines(text, needed[0], size_pt, align=Align.R if runs_left else Align.L)
        if after_mm:
            self.ln(after_mm)

    def _lines(self, text: str, font: fonts.Font, size_pt: int, *, align: Align) -> None:
        """Write the text line by line. fpdf2 can break lines too, but measures each again for each of its letters."""
        height_mm = size_pt * LEADING * 25.4 / 72
        for line in _broken(text, lambda part: self._width(part, font, size_pt)):
            self.cell(WIDTH_MM, height_mm, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _width(self, text: str, font: fonts.Font, size_pt: int) -> float:
        key = (text, font.name, size_pt)
        if key not in self._widths:
            self._widths[key] = self.get_string_width(text)
        return self._widths[key]

    def _use(self, needed: list[fonts.Font]) -> None:
        """Load the fonts that were not needed before; what the first one lacks comes from the others."""
        for font in needed:
            if font.name not in self._loaded:
                self._loaded.add(font.name)
                self.add_font(font.name, fname=font.file)
        self.set_fallback_fonts([font.name for font in needed[1:]], exact_match=False)

    def _refuse_unknown_letters(self, text: str, needed: list[fonts.Font]) -> None:
        unknown = sorted(letter for letter in set(text) - self._checked if not self._has(letter, needed))
        if unknown:
            raise FormatError(NO_LETTERS.format(letters="".join(unknown[:8])))
        self._checked.update(text)

    def _has(self, letter: str, needed: list[fonts.Font]) -> bool:
        if unicodedata.category(letter)[0] not in "LN":
            return True
        loaded: dict[str, Any] = self.fonts
        return any(ord(letter) in loaded[font.name].cmap for font in needed)


def _broken(text: str, width: Callable[[str], float]) -> Iterator[str]:
    """Break a text where its script allows it, into lines as long as the page is wide."""
    begins = [begin for begin, _ in scripts.atoms(text)][1:]
    line, length = "", 0.0
    for begin, end in itertools.pairwise([0, *begins, len(text)]):
        for part in _parts(text[begin:end], width):
            bare = width(part.rstrip())
            if line and length + bare > WIDTH_MM - SLACK_MM:
                yield line.rstrip()
                line, length = "", 0.0
            line += part
            length += width(part) if part[-1:].isspace() else bare
    if line:
        yield line.rstrip()


def _parts(word: str, width: Callable[[str], float]) -> list[str]:
    """A word, or the letters of one that is wider than the page."""
    return [word] if width(word) <= WIDTH_MM - SLACK_MM else scripts.graphemes(word)
