"""The ASGI lifespan of the application, which a server opens and closes around everything else."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from channels.testing import ApplicationCommunicator
from channels.testing import application as communicator
from django.db import close_old_connections, connections

from project.asgi import application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest


@asynccontextmanager
async def serving(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Serve sockets as a process does, and leave no thread with a connection.

    The communicator would keep the application from closing its own.
    """
    monkeypatch.setattr(communicator, "no_op", close_old_connections)
    async with lifespan():
        yield
    await sync_to_async(connections.close_all)()


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
