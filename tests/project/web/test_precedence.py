"""Pages go before the bytes of uploads, and no upload waits for ever."""

from __future__ import annotations

import asyncio
import select
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from project import asgi
from project.web import precedence
from project.web.bodies import ArrivingBody
from project.web.precedence import Precedence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONG_S = 60


class Page:
    """An application whose answer begins and ends when it is told to."""

    def __init__(self) -> None:
        self.may_begin, self.may_end = asyncio.Event(), asyncio.Event()
        self.sent: list[Any] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Callable[[Any], Any]) -> None:
        await self.may_begin.wait()
        await send({"type": "http.response.start"})
        await self.may_end.wait()

    async def take(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)


def passing(this: Precedence, passed: threading.Event) -> None:
    this.give_way()
    passed.set()


async def test_bytes_wait_until_the_answer_to_a_page_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "GIVES_WAY_S", LONG_S)
    monkeypatch.setattr(precedence, "WAITED_FOR_S", LONG_S)
    this, page, passed = Precedence(), Page(), threading.Event()
    answer = asyncio.create_task(this.answer(page, {}, None, page.take))
    await asyncio.sleep(0)
    threading.Thread(target=passing, args=(this, passed)).start()
    assert not await asyncio.to_thread(passed.wait, 0.1)
    page.may_begin.set()
    assert await asyncio.to_thread(passed.wait, LONG_S)
    assert not answer.done()
    page.may_end.set()
    await answer
    assert page.sent == [{"type": "http.response.start"}]


async def test_a_slow_page_is_waited_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "GIVES_WAY_S", LONG_S)
    monkeypatch.setattr(precedence, "WAITED_FOR_S", 0.01)
    this, page = Precedence(), Page()
    answer = asyncio.create_task(this.answer(page, {}, None, page.take))
    await asyncio.sleep(0)
    await asyncio.wait_for(asyncio.to_thread(this.give_way), LONG_S / 2)
    assert (answer.done(), page.sent) == (False, [])
    page.may_begin.set()
    page.may_end.set()
    await answer


async def test_whatever_pages_there_are_bytes_come_through() -> None:
    this, pages = Precedence(), [Page() for _ in range(3)]
    answers = [asyncio.create_task(this.answer(page, {}, None, page.take)) for page in pages]
    await asyncio.sleep(0)
    await asyncio.wait_for(asyncio.to_thread(this.give_way), LONG_S / 2)
    assert not any(answer.done() for answer in answers)
    for page in pages:
        page.may_begin.set()
        page.may_end.set()
    await asyncio.gather(*answers)


async def test_a_page_that_fails_is_no_longer_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "GIVES_WAY_S", LONG_S)
    monkeypatch.setattr(precedence, "WAITED_FOR_S", LONG_S)

    async def fail(scope: dict[str, Any], receive: Any, send: Any) -> None:
        raise ConnectionError

    this = Precedence()
    with pytest.raises(ConnectionError):
        await this.answer(fail, {}, None, fail)  # type: ignore[arg-type]
    await asyncio.wait_for(asyncio.to_thread(this.give_way), LONG_S / 2)


async def test_the_application_answers_pages_first(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    monkeypatch.setattr(asgi, "pages", page)
    monkeypatch.setattr(precedence, "GIVES_WAY_S", LONG_S)
    monkeypatch.setattr(precedence, "WAITED_FOR_S", LONG_S)
    passed = threading.Event()
    answer = asyncio.create_task(asgi.http({"type": "http"}, None, page.take))
    await asyncio.sleep(0)
    threading.Thread(target=passing, args=(asgi.streams.precedence, passed)).start()
    assert not await asyncio.to_thread(passed.wait, 0.1)
    page.may_begin.set()
    assert await asyncio.to_thread(passed.wait, LONG_S)
    page.may_end.set()
    await answer


async def test_a_body_gives_way_before_it_takes_bytes() -> None:
    server, client = socket.socketpair()
    gave_way: list[bool] = []
    with server, client:
        server.setblocking(False)
        body = ArrivingBody(server, 2, None)
        body.give_way = lambda: gave_way.append(bool(select.select([server], [], [], 0)[0]))
        client.sendall(b"ab")
        assert await asyncio.to_thread(body.readinto, memoryview(bytearray(2))) == 2
        body.close(lambda: None)
    assert gave_way == [True]
