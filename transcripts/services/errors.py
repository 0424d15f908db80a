"""Refusals: what a person may not have now, with a code for programs and a message for people.

Each surface has one place that renders them: pages and htmx parts in `views/refusals.py`, JSON there too, tus in
`views/uploads/tus.py`, sockets in `sockets/base.py`, the terminal in `management/commands/`. `docs/refusals.md`
lists the codes.
"""

from __future__ import annotations


class Refused(Exception):
    """What was asked can't be done now. `code` is stable; the message says why, and what to do instead.

    `more` is what a program needs to ask again, as members of the problem.
    """

    def __init__(self, code: str, message: str, **more: int) -> None:
        super().__init__(message)
        self.code, self.more = code, more


class NoProvider(Refused):
    """No speech-to-text provider can be used; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("no_provider", message)
