"""Asks every other second, for all sockets of the process at once, whether their sign-ins hold.

Signing out, a new password, a locked account and a change of teams reach every socket within five seconds, also those
that never receive anything. It costs three queries a round, however many sockets there are.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from transcripts import access
from transcripts.cancellation import refuse_to_live_on, uncut
from transcripts.sockets import codes

if TYPE_CHECKING:
    from collections.abc import Collection

    from transcripts.sockets.base import Socket

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0


class Standing:
    """The signed-in sockets of one process."""

    def __init__(self) -> None:
        self._sockets: set[Socket] = set()
        self._work: asyncio.Task[None] | None = None

    def add(self, socket: Socket) -> None:
        """Look after this socket too."""
        self._sockets.add(socket)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._look())

    async def remove(self, socket: Socket) -> None:
        """Look after it no more; the last one that goes ends the work."""
        self._sockets.discard(socket)
        if self._sockets or self._work is None:
            return
        work, self._work = self._work, None
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    async def _look(self) -> None:
        look_up = database_sync_to_async(_look_up, thread_sensitive=False)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            asked = {socket: socket.sign_in for socket in self._sockets if socket.sign_in}
            try:
                held, teams = await uncut(look_up(frozenset(asked.values())))
            except Exception as error:
                # The database is away, and with it everything a socket could show
                logger.warning("Sign-ins could not be checked: %s", type(error).__name__)
                continue
            for socket, sign_in in asked.items():
                if sign_in not in held:
                    socket.dismiss_with(codes.SIGNED_OUT)
                elif socket in self._sockets:
                    await socket.admit(teams[sign_in.user_id])
            refuse_to_live_on()


def _look_up(asked: Collection[access.SignIn]) -> tuple[frozenset[access.SignIn], dict[int, frozenset[int]]]:
    return access.still_signed_in(asked), access.teams_by_user({one.user_id for one in asked})


_standings: WeakKeyDictionary[asyncio.AbstractEventLoop, Standing] = WeakKeyDictionary()


def here() -> Standing:
    """The sockets of this process, which are those of its event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _standings:
        _standings[loop] = Standing()
    return _standings[loop]
