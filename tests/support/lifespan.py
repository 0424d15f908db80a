"""The ASGI lifespan of the application, which a server opens and closes around everything else."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from channels.testing import ApplicationCommunicator

from project.asgi import application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """Open what the process's sockets share, and close it."""
    server = ApplicationCommunicator(application, {"type": "lifespan"})
    await server.send_input({"type": "lifespan.startup"})
    assert await server.receive_output(timeout=10) == {"type": "lifespan.startup.complete"}
    try:
        yield
    finally:
        await server.send_input({"type": "lifespan.shutdown"})
        assert await server.receive_output(timeout=10) == {"type": "lifespan.shutdown.complete"}
        await server.wait()
