"""A body that a thread reads from the socket keeps a pace, and lets Python work of others come in between."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from project.web import bodies
from project.web.bodies import BODY_GRACE_S, MIN_BYTES_A_SECOND, ArrivingBody, Pace, Turnstile

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection, the server's first."""
    server, client = socket.socketpair()
    server.setblocking(False)
    with server, client:
        yield server, client


@contextmanager
def arriving(connection: socket.socket, length: int = 100) -> Iterator[ArrivingBody]:
    """A body that is closed after the test."""
    body = ArrivingBody(connection, length, None)
    try:
        yield body
    finally:
        body.close(lambda: None)


def test_the_pace_is_that_of_late_and_not_the_average() -> None:
    pace = Pace()
    pace.add(1024**3)
    assert pace.is_kept(BODY_GRACE_S)
    pace.add(MIN_BYTES_A_SECOND)
    assert pace.is_kept(BODY_GRACE_S - 1)
    assert not pace.is_kept(1)


def test_a_slow_but_steady_body_keeps_the_pace() -> None:
    pace = Pace()
    for _ in range(100):
        pace.add(MIN_BYTES_A_SECOND)
        assert pace.is_kept(1)


async def test_a_body_that_keeps_no_pace_ends(
    monkeypatch: pytest.MonkeyPatch, ends: tuple[socket.socket, socket.socket]
) -> None:
    monkeypatch.setattr(bodies, "BODY_GRACE_S", 0.01)
    monkeypatch.setattr(bodies, "TICK_S", 0.02)
    server, client = ends
    buffer = memoryview(bytearray(100))
    with arriving(server) as body:
        client.sendall(b"a")
        assert [await asyncio.to_thread(body.readinto, buffer) for _ in range(2)] == [1, 0]
        assert body.is_too_slow


async def test_a_body_ends_where_its_length_says_whatever_follows(ends: tuple[socket.socket, socket.socket]) -> None:
    server, client = ends
    buffer = memoryview(bytearray(100))
    with arriving(server, 6) as body:
        body.feed(b"ab")
        client.sendall(b"cdefPATCH / HTTP/1.1")
        assert [await asyncio.to_thread(body.readinto, buffer) for _ in range(3)] == [2, 4, 0]
        assert bytes(buffer[:4]) == b"cdef"
        assert (body.taken, server.recv(100)) == (4, b"PATCH / HTTP/1.1")


async def test_a_body_that_is_stopped_ends_for_a_reader_that_waits(
    monkeypatch: pytest.MonkeyPatch, ends: tuple[socket.socket, socket.socket]
) -> None:
    monkeypatch.setattr(bodies, "TICK_S", 0.02)
    buffer = memoryview(bytearray(100))
    with arriving(ends[0]) as body:
        assert await asyncio.to_thread(body.readinto, buffer) is None
        body.stop()
        assert await asyncio.to_thread(body.readinto, buffer) == 0


async def test_a_turn_is_given_back_while_a_body_arrives(ends: tuple[socket.socket, socket.socket]) -> None:
    turnstile, buffer = Turnstile(turns=1), memoryview(bytearray(100))
    with arriving(ends[0]) as body:
        body.take_turn(turnstile)
        reader = threading.Thread(target=body.readinto, args=(buffer,))
        reader.start()
        assert await asyncio.to_thread(turnstile.enter)
        turnstile.leave()
        ends[1].sendall(bytes(100))
        await asyncio.to_thread(reader.join)


def test_a_turn_that_no_one_gives_back_delays_and_does_not_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "TURN_WITHIN_S", 0.01)
    turnstile = Turnstile(turns=1)
    assert turnstile.enter()
    assert not turnstile.enter()
