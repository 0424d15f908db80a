"""What all sockets share: they close with a code, end with the sign-in, and leave nothing behind."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import HASH_SESSION_KEY

from accounts.sign_ins import SignIn
from transcripts import meters
from transcripts.sockets import codes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from transcripts.services.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")

# Work that no one waits for; the event loop itself keeps no reference to it.
_under_way: set[asyncio.Future[None]] = set()


class Socket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A socket that cleans up however it ends."""

    sign_in: SignIn | None = None

    async def __call__(self, *connection: Any) -> None:
        """Serve the socket; whatever breaks it, `disconnect` is called."""
        with meters.SOCKETS.track_inprogress():
            try:
                await super().__call__(*connection)
            finally:
                await self.disconnect(1006)

    async def disconnect(self, code: int) -> None:
        """Clean up. It can be called again."""
        self.scope["sign_ins"].remove(self)

    async def refuse(self, code: int) -> None:
        """Close with a code that a page can read."""
        await self.accept()
        await self.close(code=code)

    async def refuse_with(self, refusal: Refused) -> None:
        """Say what a service refused, with its code, then close. The page shows the message and offers to try again."""
        await self.accept()
        said = {"type": "refused", "code": refusal.code, "sentence": str(refusal)}
        await self.send(text_data=json.dumps(said, ensure_ascii=False))
        await self.close(code=codes.FULL)

    def watch_sign_in(self) -> None:
        """Close once the session this socket came with is over."""
        session, user = self.scope["session"], self.scope["user"]
        self.sign_in = SignIn(session.session_key or "", user.pk, session.get(HASH_SESSION_KEY, ""))
        self.scope["sign_ins"].add(self)

    async def admit(self, teams: frozenset[int]) -> None:
        """Take note of the teams the person belongs to now."""

    def dismiss_with(self, code: int) -> None:
        """Close without waiting."""
        soon(self.close(code=code))


def soon(work: Coroutine[Any, Any, None]) -> None:
    """Do it without waiting; it may fail if the socket is gone."""
    task = asyncio.ensure_future(work)
    _under_way.add(task)
    task.add_done_callback(_done)


def _done(task: asyncio.Future[None]) -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()


def in_thread(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Make a function that uses the database awaitable."""
    # Connections are released after each call: these threads outlive a database that restarts
    made: Callable[P, Awaitable[T]] = database_sync_to_async(function, thread_sensitive=False)
    return made
