"""A request must arrive in reasonable time; the clock is the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from twisted.internet.testing import StringTransport

from project.web import bodies, requests
from project.web.connections import Connections
from project.web.guard import GuardedFactory

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """A clock that moves only when a test sets it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class NoServer:
    """The part of the server that a request not yet complete is in touch with."""

    open = Connections(file_limit=1024)

    def protocol_connected(self, protocol: object) -> None: ...

    def protocol_disconnected(self, protocol: object) -> None: ...


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(requests, "time", clock)
    monkeypatch.setattr(requests.timer, "callLater", lambda *call: None)
    return clock


@pytest.fixture
def connection() -> tuple[Callable[[bytes], None], StringTransport]:
    """Return what sends bytes to a guarded connection, and the transport of its answer."""
    channel = GuardedFactory(NoServer()).buildProtocol(None)
    transport = StringTransport()
    channel.makeConnection(transport)
    channel.setTimeout(None)
    return channel.dataReceived, transport


Connection = tuple["Callable[[bytes], None]", StringTransport]


def test_headers_that_drip_in_are_cut_off(clock: Clock, connection: Connection) -> None:
    send, transport = connection
    send(b"GET / HTTP/1.1\r\n")
    clock.now += requests.HEADERS_WITHIN_S
    send(b"X-One: 1\r\n")
    assert not transport.disconnecting
    clock.now += 1
    send(b"X-Two: 2\r\n")
    assert transport.disconnected


def test_a_body_that_drips_in_is_refused(clock: Clock, connection: Connection) -> None:
    send, transport = connection
    send(b"PUT / HTTP/1.1\r\nContent-Length: 90000\r\n\r\n")
    clock.now += bodies.BODY_GRACE_S
    send(b"x")
    assert transport.value() == b""
    clock.now += 1
    send(b"x")
    assert transport.value().startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_a_slow_but_steady_body_is_taken(clock: Clock, connection: Connection) -> None:
    send, transport = connection
    send(b"PUT / HTTP/1.1\r\nContent-Length: 90000\r\n\r\n")
    for _ in range(10):  # longer than the grace in all, and never below the pace since
        clock.now += 4.5
        send(b"x" * 2 * bodies.MIN_BYTES_A_SECOND)
    assert transport.value() == b""
