"""A socket that is led elsewhere is refused: the header with the key would go along."""

from __future__ import annotations

import pytest
from aiohttp import web

from transcripts.providers.websocket import SocketRefused, open_socket
from transcripts.providers.wire import Handshake


async def test_a_handshake_that_is_led_elsewhere_gives_no_one_the_key() -> None:
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.headers.get("xi-api-key", ""))
        return web.Response()

    async def lead(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    application = web.Application()
    application.add_routes([web.get("/live", lead), web.get("/elsewhere", elsewhere)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"ws://127.0.0.1:{runner.addresses[0][1]}/live"
    with pytest.raises(SocketRefused) as raised:
        async with open_socket(Handshake(url, {"xi-api-key": "secret"}), connect_ms=5_000, heartbeat_ms=5_000):
            pass
    await runner.cleanup()
    assert (raised.value.status_code, asked) == (302, [])
