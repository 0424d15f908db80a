"""A progress bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO

WIDTH = 28


class ProgressBar:
    """Shows what is being done and how much of it, on stderr unless told otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.is_terminal = self.stream.isatty()
        self.last = ""

    def show(self, what: str, percent: int | None = None) -> None:
        """Show a stage; `percent` of it is done, None if unknown."""
        if not self.is_terminal:
            self._line(what)
            return
        filled = WIDTH * (percent or 0) // 100
        bar = "" if percent is None else f" {'█' * filled}{'·' * (WIDTH - filled)} {percent:3} %"
        self._draw(f"{what}{bar}")

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
