"""Pages go before the bytes of uploads, which would leave them a fraction of a small machine."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Send = Callable[[Mapping[str, Any]], Awaitable[None]]
    Application = Callable[[dict[str, Any], Any, Send], Awaitable[None]]

# A page that takes longer is waited for no more, nor does the reader of a body wait for longer with its next bytes:
# however many pages there are, uploads continue
WAITED_FOR_S, GIVES_WAY_S = 0.5, 0.1


class Precedence:
    """Counts the pages that are answered; who receives uploads gives way to them, a little each time."""

    def __init__(self) -> None:
        # Changed by the event loop alone
        self._pages = 0
        self._is_free = threading.Event()
        self._is_free.set()

    def give_way(self) -> None:
        """Wait in a thread while pages are answered, at most GIVES_WAY_S."""
        self._is_free.wait(GIVES_WAY_S)

    async def answer(self, pages: Application, scope: dict[str, Any], receive: Any, send: Send) -> None:
        """Let the application answer, and everyone else wait until its answer begins."""
        self._begin()
        is_waited_for = True

        def end() -> None:
            nonlocal is_waited_for
            if is_waited_for:
                is_waited_for = False
                self._end()

        async def begin(message: Mapping[str, Any]) -> None:
            end()
            await send(message)

        late = asyncio.get_running_loop().call_later(WAITED_FOR_S, end)
        try:
            await pages(scope, receive, begin)
        finally:
            late.cancel()
            end()

    def _begin(self) -> None:
        self._pages += 1
        self._is_free.clear()

    def _end(self) -> None:
        self._pages -= 1
        if not self._pages:
            self._is_free.set()
