"""Asks every other second, for all sockets of the process together, whether their sign-ins hold.

Signing out, a new password, a locked account and a change of teams reach every socket within five seconds, also those
that never receive anything. It costs three queries a round, however many sockets there are.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from channels.db import database_sync_to_async

from accounts.sign_ins import SignIn, still_signed_in
from transcripts import access
from transcripts.cancellation import raise_if_cancelled, shielded
from transcripts.sockets import codes

if TYPE_CHECKING:
    from collections.abc import Collection

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0


class SignedInSocket(Protocol):
    """A socket that came with a sign-in."""

    sign_in: SignIn | None

    def dismiss_with(self, code: int) -> None:
        """Close without waiting."""

    async def admit(self, teams: frozenset[int]) -> None:
        """Take note of the teams the person belongs to now."""


class SignInWatch:
    """The signed-in sockets of one process."""

    def __init__(self) -> None:
        self._sockets: set[SignedInSocket] = set()
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

    def add(self, socket: SignedInSocket) -> None:
        """Watch this socket's sign-in too."""
        self._sockets.add(socket)

    def remove(self, socket: SignedInSocket) -> None:
        """Watch it no more."""
        self._sockets.discard(socket)

    async def _look(self) -> None:
        look_up = database_sync_to_async(_look_up, thread_sensitive=False)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            asked = {socket: socket.sign_in for socket in self._sockets if socket.sign_in}
            if not asked:
                continue
            try:
                held, teams = await shielded(look_up(frozenset(asked.values())))
            except Exception as error:
                # The database is away, and with it everything a socket could show
                logger.warning("Sign-ins could not be checked: %s", type(error).__name__)
                continue
            for socket, sign_in in asked.items():
                if sign_in not in held:
                    socket.dismiss_with(codes.SIGNED_OUT)
                elif socket in self._sockets:
                    await socket.admit(teams[sign_in.user_id])
            raise_if_cancelled()


def _look_up(asked: Collection[SignIn]) -> tuple[frozenset[SignIn], dict[int, frozenset[int]]]:
    return still_signed_in(asked), access.teams_by_user({one.user_id for one in asked})
