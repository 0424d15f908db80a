"""Faults to inject into the handling of a request: by a script, to test clients, or by a drill (`api/drills.py`).

A fault says what it does:

    {"do": "answer", "code": 429, "headers": {}, "body": "...", "encoding": "utf-8", "taken": false}
                             send this answer; `body` is text or JSON, without it an error of the usual shape
    {"do": "reset_before_body"}     the connection is reset as soon as the headers have arrived
    {"do": "reset_before_answer"}   the request is handled, then the connection is reset
    {"do": "late", "seconds": 5}    the request is handled and answered so much later
    {"do": "hang"}                  the request is handled, the answer is never sent
    {"do": "truncate"}              the request is handled, half of the answer is sent
    {"do": "slow", "seconds": 0.05} the answer is sent a byte at a time
    {"do": "huge", "bytes": N, "gzip": true}   a JSON string of N bytes as the answer, compressed if asked
    {"do": "nothing"}               the request is answered as usual

With `taken` the server first handles the request, then answers as scripted.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TICK_S = 0.05
# The requests that faults are about, by their path
REQUESTS = {
    "/v1/upload": "upload",
    "/v1/status": "status",
    "/v1/stream": "stream",
    "/health": "health",
    "/v1/health": "health",
}


async def perform(fault: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer the request as the fault says; `handler` would answer it otherwise."""
    do = getattr(_Faults, fault["do"])
    response: web.StreamResponse = await do(fault, request, handler)
    return response


class _Faults:
    """One function for each fault."""

    @staticmethod
    async def nothing(_: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request)

    @staticmethod
    async def answer(fault: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        if fault.get("taken"):
            await handler(request)
        body = fault.get("body", {"status": "error", "message": "Scripted", "error": {"code": "scripted"}})
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {hdrs.CONTENT_TYPE: "application/json", **fault.get("headers", {})}
        data = text.encode(fault.get("encoding", "utf-8"))
        return web.Response(status=fault.get("code", 200), body=data, headers=headers)

    @staticmethod
    async def reset_before_body(_: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        return _reset(request)

    @staticmethod
    async def reset_before_answer(_: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return _reset(request)

    @staticmethod
    async def late(fault: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(fault["seconds"])
        return await handler(request)

    @staticmethod
    async def hang(_: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        while request.transport is not None:
            await asyncio.sleep(TICK_S)
        return _reset(request)

    @staticmethod
    async def truncate(_: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        whole = await _body(request, handler)
        response = _stream(len(whole))
        await response.prepare(request)
        await response.write(whole[: len(whole) // 2])
        if request.transport is not None:
            request.transport.close()
        return response

    @staticmethod
    async def slow(fault: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        whole = await _body(request, handler)
        response = _stream(len(whole))
        await response.prepare(request)
        for place in range(len(whole)):
            await response.write(whole[place : place + 1])
            await asyncio.sleep(fault.get("seconds", TICK_S))
        return response

    @staticmethod
    async def huge(fault: dict[str, Any], request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        data = b'"' + b"a" * fault["bytes"] + b'"'
        headers = {hdrs.CONTENT_TYPE: "application/json"}
        if fault.get("gzip"):
            data = await asyncio.to_thread(gzip.compress, data, 1)
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(body=data, headers=headers)


async def _body(request: web.Request, handler: Handler) -> bytes:
    response = await handler(request)
    body = response.body if isinstance(response, web.Response) else b""
    return body if isinstance(body, bytes) else b""


def _stream(length: int) -> web.StreamResponse:
    headers = {hdrs.CONTENT_TYPE: "application/json", hdrs.CONTENT_LENGTH: str(length)}
    return web.StreamResponse(headers=headers)


def _reset(request: web.Request) -> web.StreamResponse:
    """Reset the connection (RST) instead of closing it."""
    cut(request.transport)
    return web.Response()  # which is never sent


def cut(transport: asyncio.Transport | None) -> None:
    """Reset a connection without a goodbye; one that is closed already has none."""
    if transport is not None:
        handle = transport.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
