"""Readiness: poll each kind of process until it does its work."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from project.instance import Instance
    from project.supervision.child import Child

POLL_S = 0.05
TIMEOUT_S = 5.0


async def until_ready(child: Child, instance: Instance) -> None:
    """Return once the process is ready: it answers, or reported readiness, or (any other kind) it runs."""
    if child.name == "redis":
        await _until_redis(instance.redis_socket)
    elif child.name == "web":
        await _until_http(instance.port, "GET /healthz HTTP/1.1")
    elif child.name == "speech":
        key = f"Authorization: Bearer {instance.variables['STT_API_KEY']}"
        await _until_http(int(instance.variables["SPEECH_PORT"]), "GET /health HTTP/1.1", key)
    elif "rqworker" in child.argv:
        await child.ready.wait()
    else:
        await _until_running(child)


async def _until_running(child: Child) -> None:
    while child.pid is None:
        await asyncio.sleep(POLL_S)


async def _until_redis(path: Path) -> None:
    while not (await _ask_redis(path)).startswith(b"+PONG"):
        await asyncio.sleep(POLL_S)


async def _ask_redis(path: Path) -> bytes:
    with contextlib.suppress(OSError, TimeoutError):
        return await _exchange(*await asyncio.open_unix_connection(path), b"PING\r\n")
    return b""


async def _until_http(port: int, *head: str) -> None:
    while b" 200 " not in await _ask_http(port, head):
        await asyncio.sleep(POLL_S)


async def _ask_http(port: int, head: tuple[str, ...]) -> bytes:
    request = "\r\n".join([*head, "Host: localhost", "Connection: close", "", ""])
    with contextlib.suppress(OSError, TimeoutError):
        return await _exchange(*await asyncio.open_connection("127.0.0.1", port), request.encode())
    return b""


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """Return the first line of the answer with its end. Raises TimeoutError."""
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.readline(), TIMEOUT_S)
    finally:
        writer.close()
