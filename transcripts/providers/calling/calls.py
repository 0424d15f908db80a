"""One call under way over HTTP: ended at its deadline, and what it did so far decides what a failure means."""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from transcripts.providers.errors import Ambiguous, BadAnswer, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Call:
    """One call under way: what it has done so far decides what a failure means."""

    deadline_ms: int
    began: float = field(default_factory=time.monotonic)
    has_sent: bool = False
    status_code: int | None = None
    is_late: bool = False
    is_over: bool = False
    connection: HTTPConnection | None = None

    def remaining_s(self) -> float:
        """Seconds left, never zero, which sockets would take for no limit at all."""
        return max(0.001, self.began + self.deadline_ms / 1000 - time.monotonic())

    @contextmanager
    def watched(self) -> Iterator[None]:
        """End the call at its deadline: a peer that trickles resets every other timeout."""
        _watchdog.watch(self)
        _current.call = self
        try:
            yield
        finally:
            _current.call = self.connection = None
            self.is_over = True

    def end(self) -> None:
        """End it if it isn't over."""
        if self.is_over:
            return
        self.is_late = True
        handle = self.connection.sock if self.connection else None
        if handle is not None:
            with suppress(OSError):
                # Past the TLS layer, which another thread is inside of.
                socket.shutdown(handle, SHUT_RDWR)

    def explain(self, error: requests.RequestException) -> Unreachable | Ambiguous | BadAnswer:
        """What a failure of the wire means. The library's words may hold addresses and are not passed on."""
        if not self.has_sent:
            return Unreachable("The provider cannot be reached; nothing was sent")
        if self.status_code is not None:
            return BadAnswer("The provider's answer broke off", status_code=self.status_code)
        late = self.is_late or isinstance(error, requests.Timeout)
        what = f"did not answer within {self.deadline_ms / 1000:g} s" if late else "closed the connection"
        return Ambiguous(f"The provider {what}; it may have taken the request")


class _Watchdog:
    """Ends calls at their deadlines, in one thread a process: a thread for each would cost a check a tenth more."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self.begin()

    def begin(self) -> None:
        """Know of no call: a process that was forked has neither the thread nor its calls."""
        self._calls: list[tuple[float, int, Call]] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def watch(self, call: Call) -> None:
        """End the call at its deadline, unless it is over by then."""
        with self._changed:
            heapq.heappush(self._calls, (call.began + call.deadline_ms / 1000, next(self._numbers), call))
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif self._calls[0][2] is call:
                self._changed.notify()

    def _watch(self) -> None:
        while True:
            self._next().end()

    def _next(self) -> Call:
        """Wait for the next deadline."""
        with self._changed:
            while not self._calls or self._calls[0][0] > time.monotonic():
                self._changed.wait(self._calls[0][0] - time.monotonic() if self._calls else None)
            return heapq.heappop(self._calls)[2]


_watchdog = _Watchdog()
os.register_at_fork(after_in_child=_watchdog.begin)


class _Current(threading.local):
    call: Call | None = None


_current = _Current()


class _Watched(HTTPConnection):
    """Tells the call of its thread when it begins to send, and lets sending take as long as the call may."""

    _is_connecting = False

    def connect(self) -> None:
        self._is_connecting = True
        super().connect()
        self._is_connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        call = _current.call
        # A proxy's CONNECT goes through here too; it is not the request.
        if call is not None and not self._is_connecting:
            call.connection, call.has_sent = self, True
            self.sock.settimeout(call.remaining_s())
        super().send(data)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


class Adapter(HTTPAdapter):
    """Makes connections that tell the call of their thread what they do."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
