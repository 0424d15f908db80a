"""One client can't use all connections, and a connection that ends releases its slot."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp

from project.web.connections import RESERVED_FILES
from tests.project.web.test_limits import Server, head, read_all

if TYPE_CHECKING:
    from pathlib import Path


def test_one_address_gets_only_its_share_of_the_connections(tmp_path: Path) -> None:
    server = Server(tmp_path, file_limit=RESERVED_FILES + 2 * 40)
    try:
        assert server.ask(head("GET", "/count", "Connection: close")).endswith(b"0")
        taken = [server.connect() for _ in range(10)]
        with server.connect() as one_too_many:
            assert read_all(one_too_many) == b""
        with socket.create_connection(("127.0.0.1", server.port), source_address=("127.0.0.2", 0)) as other:
            other.sendall(head("GET", "/count", "Connection: close"))
            assert read_all(other).endswith(b"0")
        taken.pop().close()
        assert _eventually_answers(server)
        for connection in taken:
            connection.close()
    finally:
        server.process.kill()
        server.process.wait()


async def test_a_socket_releases_its_slot_when_it_ends(tmp_path: Path) -> None:
    server = Server(tmp_path, file_limit=RESERVED_FILES + 2 * 8)  # two connections an address
    try:
        await asyncio.to_thread(server.ask, head("GET", "/count", "Connection: close"))
        for _ in range(5):
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"http://127.0.0.1:{server.port}/echo") as talker,
            ):
                await talker.send_str("there?")
                assert await talker.receive_str() == "there?"
    finally:
        server.process.kill()
        server.process.wait()


def _eventually_answers(server: Server) -> bool:
    """Return whether the server answers once it has noticed the closed connection."""
    for _ in range(1000):
        with server.connect() as connection, suppress(ConnectionError):
            connection.sendall(head("GET", "/count", "Connection: close"))
            if read_all(connection):
                return True
    return False
