"""A small ASGI application to test the guarded server with."""

from __future__ import annotations

import asyncio
from typing import Any

PIECE = b"x" * 256 * 1024
BIG_ANSWER = 512 * 1024 * 1024
# How heavy answers ended, in order.
ENDS: list[str] = []


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["path"] in FRAMES:
        size, count = FRAMES[scope["path"]]
        await frames(scope["extensions"]["websocket.frame"]["write"], receive, send, size=size, count=count)
    elif scope["type"] == "websocket":
        await SOCKETS[scope["path"]](receive, send)
    else:
        await PAGES[scope["path"]](receive, send)


async def count(receive: Any, send: Any) -> None:
    """Answer with the number of bytes of the body."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    body = str(size).encode()
    await start(send, len(body))
    await send({"type": "http.response.body", "body": body})


async def stream(receive: Any, send: Any) -> None:
    """512 MiB in pieces, as fast as the server takes them."""
    await start(send, BIG_ANSWER)
    for _ in range(BIG_ANSWER // len(PIECE)):
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    await send({"type": "http.response.body"})


async def slow(receive: Any, send: Any) -> None:
    """An answer under way: it starts, and ends only after the server was asked to stop."""
    await start(send, len(b"begun and ended"))
    await send({"type": "http.response.body", "body": b"begun ", "more_body": True})
    await asyncio.sleep(0.5)
    await send({"type": "http.response.body", "body": b"and ended"})


async def heavy(receive: Any, send: Any) -> None:
    """An answer whose end waits until the client has read most of it."""
    await start(send, 64 * len(PIECE))
    await send({"type": "http.response.body", "body": PIECE * 64, "more_body": True})
    try:
        await send({"type": "http.response.body"})
        ENDS.append("well")
    except Exception as error:
        ENDS.append(repr(error))


async def ends(receive: Any, send: Any) -> None:
    """Answer with how a heavy answer ended."""
    body = ",".join(ENDS).encode()
    await start(send, len(body))
    await send({"type": "http.response.body", "body": body})


async def flood(receive: Any, send: Any) -> None:
    """A socket that sends without end."""
    await send({"type": "websocket.accept"})
    for _ in range(BIG_ANSWER // len(PIECE)):
        await send({"type": "websocket.send", "bytes": PIECE})
        await asyncio.sleep(0)


async def frames(write: Any, receive: Any, send: Any, *, size: int, count: int) -> None:
    """A socket that gets frames that were made before, each numbered, once it asks; then a goodbye."""
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.receive":
        pass
    for number in range(count):
        write(b"\x82\x7f" + size.to_bytes(8) + number.to_bytes(4) + b"x" * (size - 4))
        await asyncio.sleep(0)
    await send({"type": "websocket.send", "text": "done"})


async def deaf(receive: Any, send: Any) -> None:
    """A socket whose messages are never handled."""
    await send({"type": "websocket.accept"})
    await asyncio.Event().wait()


async def echo(receive: Any, send: Any) -> None:
    """A socket that echoes its messages."""
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] != "websocket.disconnect":
        if message["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})


async def start(send: Any, length: int) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % length)]})


PAGES = {"/count": count, "/stream": stream, "/slow": slow, "/heavy": heavy, "/ends": ends}
SOCKETS = {"/flood": flood, "/deaf": deaf, "/echo": echo}
# Of what size, and how many.
FRAMES = {"/frames": (len(PIECE), BIG_ANSWER // len(PIECE)), "/few": (20_000, 40)}
