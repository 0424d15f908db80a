"""Asks every other second, for all sockets of guests together, whether their links hold.

A link that is revoked, expires, gets another password or shows something else from now on ends the sockets that came
with it within five seconds. It costs one query a round, however many guests there are.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Protocol

from channels.db import database_sync_to_async

from transcripts import access
from transcripts.cancellation import raise_if_cancelled, shielded
from transcripts.sockets import codes

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from transcripts.models import Share

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
# What a guest was let in by, and what they were shown
FIELDS = ("level", "password", "from_ms", "until_ms", "shows_initials", "is_approved_only", "opens_text")
Terms = tuple[Any, ...]


class LinkedSocket(Protocol):
    """A socket that came by a link."""

    share_id: UUID
    terms: Terms

    def dismiss_with(self, code: int) -> None:
        """Close without waiting."""


def terms_of(share: Share) -> Terms:
    """Return what a link asks for and shows."""
    return tuple(getattr(share, name) for name in FIELDS)


class LinkWatch:
    """The sockets of guests in one process."""

    def __init__(self) -> None:
        self._sockets: set[LinkedSocket] = set()
        self._work: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to look."""
        self._work = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Stop that."""
        work, self._work = self._work, None
        if work:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def add(self, socket: LinkedSocket) -> None:
        """Watch the link of this socket too."""
        self._sockets.add(socket)

    def remove(self, socket: LinkedSocket) -> None:
        """Watch it no more."""
        self._sockets.discard(socket)

    async def _look(self) -> None:
        look_up = database_sync_to_async(_look_up, thread_sensitive=False)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            asked = tuple(self._sockets)
            if not asked:
                continue
            try:
                held = await shielded(look_up({socket.share_id for socket in asked}))
            except Exception as error:
                # The database is away, and with it everything a guest could be shown
                logger.warning("Links could not be checked: %s", type(error).__name__)
                continue
            for socket in asked:
                if held.get(socket.share_id) != socket.terms:
                    socket.dismiss_with(codes.GONE)
            raise_if_cancelled()


def _look_up(share_ids: Collection[UUID]) -> dict[UUID, Terms]:
    found = access.open_shares().filter(pk__in=share_ids).values_list("pk", *FIELDS)
    return {pk: tuple(terms) for pk, *terms in found}
