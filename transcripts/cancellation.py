"""Cancellations: work that they must not cut in two, and libraries that swallow them.

A call in a thread continues whatever is cancelled; asgiref waits for it and then forgets the cancellation, and so does
redis-py in a command under way. The task that was to end would live on, and whatever waits for its end would wait
for ever.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


async def shielded(work: Coroutine[object, object, T]) -> T:
    """Finish the work even if this task is cancelled; the cancellation takes effect after that."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def raise_if_cancelled() -> None:
    """Raise CancelledError if the present task was cancelled and a library swallowed it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
