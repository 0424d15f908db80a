"""Opens an ASGI application before the first request and closes it after the last, which Daphne does not do.

(https://asgi.readthedocs.io/en/latest/specs/lifespan.html)
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

# What is held is released in this time, or taken over when its leases expire.
CLOSE_WITHIN_S = 5.0


class Lifespan:
    """The life of one application. One that knows nothing of lifespans is served without."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self._application = application
        self._asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._answered: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Future[None] | None = None

    async def open(self) -> None:
        """Return once the application is ready. Raises what keeps one from it that has answered."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        self._task = asyncio.ensure_future(self._application(scope, self._asked.get, self._answered.put))
        await self._ask("lifespan.startup")

    async def close(self) -> None:
        """Return once the application has let go of everything."""
        if self._task is not None and not self._task.done():
            try:
                async with asyncio.timeout(CLOSE_WITHIN_S):
                    await self._ask("lifespan.shutdown")
            except TimeoutError:
                logger.warning("The application did not close in %s seconds", CLOSE_WITHIN_S)
                self._task.cancel()

    async def _ask(self, message: str) -> None:
        assert self._task is not None
        self._asked.put_nowait({"type": message})
        answer = asyncio.ensure_future(self._answered.get())
        either: set[asyncio.Future[Any]] = {answer, self._task}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            # It refused the scope, as the protocol lets an application do that has nothing to open
            logger.debug("The application has no lifespan: %r", self._task.exception())
