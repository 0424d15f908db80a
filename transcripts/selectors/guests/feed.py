"""The feed of a transcript as guests get it: its text, and nothing of the team.

Members' notes and the person who reviews aren't told, and a member who has no name is not called by their address.
Conflicts have words that are not in the text, so they are for guests who edit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
UNNAMED = "Team member"


def as_guests_read(text: str) -> str:
    """Return a text without addresses: members without a name are called by theirs."""
    return ADDRESS.sub(UNNAMED, text)


def without_address(message: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a message whose fields of these names say who did something, but no address."""
    return {**message, **{name: as_guests_read(message[name]) for name in names if message.get(name)}}


def for_guest(message: Mapping[str, Any], level: access.Level) -> dict[str, Any] | None:
    """Return what a guest of this level gets of a message that all followers get; None if it isn't for guests."""
    if message.get("type") == "comments":
        return dict(message) if level >= access.Level.COMMENT else None
    if message.get("type") == "news":
        return dict(message)
    return _edit(message, level) if message.get("type") in ("edit", "hello") else None


def since(transcript_id: UUID, change: int, level: access.Level) -> dict[str, Any]:
    """Return what changed after this change, for a guest of this level."""
    return _edit({"type": "hello", **changes.since(transcript_id, change)}, level)


def _edit(message: Mapping[str, Any], level: access.Level) -> dict[str, Any]:
    told = {name: value for name, value in message.items() if name not in ("review", "markers", "conflicts")}
    told = without_address(told, "author")
    if level >= access.Level.EDIT:
        told["conflicts"] = [without_address(one, "by") for one in message.get("conflicts", ())]
    return told
