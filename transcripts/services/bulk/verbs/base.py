"""What a verb of bulk acts has to say and to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from transcripts.models import Recording

# What a recording was before and is after; None if it was so already.
Change = tuple[dict[str, Any], dict[str, Any]] | None

CHANGED = "Someone changed it since. It stays as it is now."
RESTORED = "Someone restored it already."


class Verb(Protocol):
    """One verb. `do` and `undo` are called in a transaction, for a recording about which the person can decide.

    A quiet one tells no page of each recording: lists are fetched again once a batch.
    """

    is_quiet: bool
    leads_to_trash: bool

    def check(self, actor: User, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the parameters as they are stored, with the names that pages show. Raises Refused."""

    def do(self, recording: Recording, parameters: dict[str, Any], actor: User) -> Change:
        """Do it to a recording. Raises Refused."""

    def undo(self, recording: Recording, before: dict[str, Any], after: dict[str, Any], actor: User) -> None:
        """Take it back. Raises Refused if it was changed since, and then leaves it as it is."""


def number(parameters: Mapping[str, object], name: str) -> int | None:
    """Return a number that a form sent; None without one."""
    text = str(parameters.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None
