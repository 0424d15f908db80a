"""Why a file can't be read as a transcript, in a message for people."""

from __future__ import annotations


class Unreadable(ValueError):
    """The file is no transcript that can be read. The message says why; `line` is where, None if it has no lines."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"Line {line}: {message}")
        self.line = line
