"""A progress bar on a terminal, plain lines elsewhere; and text in columns."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 28


class ProgressBar:
    """Shows what is being done and how much of it, on stderr unless told otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.is_terminal = self.stream.isatty()
        self.last = ""

    def show(self, what: str, percent: int | None = None, *, more: str = "") -> None:
        """Show a stage; `percent` of it is done, None if unknown. A log sees neither that nor `more`."""
        if not self.is_terminal:
            self._line(what)
            return
        filled = WIDTH * (percent or 0) // 100
        bar = "" if percent is None else f" {'█' * filled}{'·' * (WIDTH - filled)} {percent:3} %"
        # A line that wraps could not be drawn over
        room = shutil.get_terminal_size().columns - 1 - len(bar) - len(more)
        self._draw(f"{what[: max(room, 0)]}{bar}{more}")

    def done(self) -> None:
        """Leave the terminal clean for what follows."""
        if self.is_terminal and self.last:
            self._draw("")
            self.stream.write("\r")
            self.stream.flush()

    def _line(self, what: str) -> None:
        if what != self.last:
            self.stream.write(f"{what}\n")
            self.stream.flush()
            self.last = what

    def _draw(self, text: str) -> None:
        if text != self.last:
            self.stream.write(f"\r{text}\x1b[K")
            self.stream.flush()
            self.last = text


def in_columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return a line a row, its cells below each other; the last of a row is as long as it is."""
    widths = [max(map(_width, column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)
