"""Asks every other second, for all sockets of guests together, whether their links hold.

A link that is revoked, expires, gets another password or shows something else from now on ends the sockets that came
with it within five seconds. It costs one query a round, however many guests there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from channels.db import database_sync_to_async

from transcripts import access
from transcripts.cancellation import shielded
from transcripts.sockets import codes
from transcripts.sockets.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from transcripts.models import Share

# What a guest was let in by, and what they were shown
SHOWN = ("level", "from_ms", "until_ms", "shows_initials", "is_approved_only", "opens_text")
FIELDS = (*SHOWN, "password", "folder_link__password")
Terms = tuple[Any, ...]


class LinkedSocket(Protocol):
    """A socket that came by a link."""

    share_id: UUID
    terms: Terms

    def dismiss_with(self, code: int) -> None:
        """Close without waiting."""


def terms_of(share: Share) -> Terms:
    """Return what a link asks for and shows."""
    shown = [getattr(share, name) for name in SHOWN]
    return (*shown, share.password, share.folder_link.password if share.folder_link else None)


class LinkWatch(Watch[LinkedSocket]):
    """The sockets of guests in one process."""

    what = "Links"

    async def round(self) -> None:
        """Dismiss those whose link doesn't hold, or shows something else."""
        asked = tuple(self._sockets)
        if not asked:
            return
        held = await shielded(look_up({socket.share_id for socket in asked}))
        for socket in asked:
            if held.get(socket.share_id) != socket.terms:
                socket.dismiss_with(codes.GONE)


def _look_up(share_ids: Collection[UUID]) -> dict[UUID, Terms]:
    found = access.open_shares().filter(pk__in=share_ids).values_list("pk", *FIELDS)
    return {pk: tuple(terms) for pk, *terms in found}


look_up = database_sync_to_async(_look_up, thread_sensitive=False)
