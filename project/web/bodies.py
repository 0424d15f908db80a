"""The body of a part of an upload, which a thread reads from the socket while it arrives.

Twisted's reading is paused meanwhile. So nothing of the body is in memory beyond the reader's buffer, and a sender who
is faster than the disk waits.
"""

from __future__ import annotations

import asyncio
import select
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# What the ASGI scope calls the body, as an extension
EXTENSION = "http.request.arriving"
# A body may be silent or slow for this long at first, then it must arrive at this rate (about 33 kbit/s)
BODY_GRACE_S, MIN_BYTES_A_SECOND = 30.0, 4096
# A reader is told of so long a silence, and a stopped body ends within it
TICK_S = 1.0
# Whoever sends nothing for this long has probably lost the connection without noticing
IDLE_AFTER_S = 5.0
# Python code of this many parts runs at once, so that other requests get their turn; bytes are received by all
TURNS = 2
TURN_WITHIN_S = 1.0


class Turnstile:
    """Paces Python work. It delays and never blocks: who gets no turn in TURN_WITHIN_S continues without one."""

    def __init__(self, turns: int = TURNS) -> None:
        self._turns = threading.BoundedSemaphore(turns)

    def enter(self) -> bool:
        """Wait for a turn; return whether there is one to give back with `leave`."""
        return self._turns.acquire(timeout=TURN_WITHIN_S)

    def leave(self) -> None:
        """Give a turn back."""
        self._turns.release()


class Pace:
    """Measures the rate of a body over the time spent waiting for it: a slow disk of ours isn't a slow sender."""

    def __init__(self) -> None:
        self._waited_s, self._bytes = 0.0, 0

    def add(self, size: int) -> None:
        """Count bytes that came."""
        self._bytes += size

    def is_kept(self, waited_s: float) -> bool:
        """Count a wait; return False if the body was too slow in the last BODY_GRACE_S of waiting."""
        self._waited_s += waited_s
        if self._waited_s < BODY_GRACE_S:
            return True
        is_kept = self._bytes >= MIN_BYTES_A_SECOND * self._waited_s
        self._waited_s, self._bytes = 0.0, 0
        return is_kept


class ArrivingBody:
    """Read by one thread with `readinto`; created, fed and taken back by the event loop."""

    def __init__(self, connection: Any, length: int, send_continue: Callable[[], None] | None) -> None:
        # Of its own, so that the number of the descriptor can't come to mean another connection under the reader
        self._socket = connection.dup()
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._loop = asyncio.get_running_loop()
        self._send_continue = send_continue
        self._first, self._left = b"", length
        self._pace, self._came_at = Pace(), time.monotonic()
        self._turnstile: Turnstile | None = None
        self._has_turn = self._is_cut = False
        self.is_open, self.is_too_slow = True, False
        # Called by the reader before it takes bytes; may wait a little
        self.give_way: Callable[[], None] = lambda: None
        # Bytes that the thread took from the socket behind Twisted's back
        self.taken = 0

    @property
    def awaits_continue(self) -> bool:
        """Whether the sender waits to be told to send."""
        return self._send_continue is not None

    def feed(self, data: bytes) -> None:
        """Add what arrived together with the headers."""
        self._first += data
        self._left -= len(data)

    def stop(self) -> None:
        """End the body here, for whatever reason; a reader learns it within TICK_S."""
        self._is_cut = True

    def is_idle(self) -> bool:
        """Return whether nothing has come for so long that someone else may continue this upload."""
        return time.monotonic() - self._came_at > IDLE_AFTER_S

    def take_turn(self, turnstile: Turnstile) -> None:
        """Let the reader's Python work pass through this turnstile, beginning now."""
        self.give_way()
        self._turnstile, self._has_turn = turnstile, turnstile.enter()

    def readinto(self, buffer: memoryview) -> int | None:
        """Fill the buffer; return how many bytes came, 0 at the end or the cut, None after a silence of TICK_S."""
        self._leave_turn()
        self.give_way()
        if self._send_continue is not None:
            self._loop.call_soon_threadsafe(self._send_continue)
            self._send_continue = None
        size = self._take_first(buffer) or self._receive(buffer[: self._left])
        if self._turnstile is not None and (not self._left or self._is_cut) and not self._first:
            self._has_turn = self._turnstile.enter()
        return size

    def close(self, take_back: Callable[[], None]) -> None:
        """Stop reading; the event loop has the connection again."""
        self._socket.close()
        self.is_open = False
        self._leave_turn()
        self._loop.call_soon_threadsafe(take_back)

    def _leave_turn(self) -> None:
        if self._has_turn and self._turnstile is not None:
            self._has_turn = False
            self._turnstile.leave()

    def _take_first(self, buffer: memoryview) -> int:
        size = min(len(self._first), len(buffer))
        buffer[:size] = self._first[:size]
        self._first = self._first[size:]
        return size

    def _receive(self, buffer: memoryview) -> int | None:
        got = 0
        while got < len(buffer) and not self._is_cut:
            size = self._receive_some(buffer[got:])
            if size:
                got += size
            elif size is None and not self._wait():
                return got or (0 if self._is_cut else None)
        return got

    def _receive_some(self, buffer: memoryview) -> int | None:
        """Return how many bytes were there; None if there were none, and 0 once there will be no more."""
        try:
            size = int(self._socket.recv_into(buffer))
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            size = 0
        self._is_cut = self._is_cut or not size
        self.taken += size
        self._left -= size
        self._pace.add(size)
        self._came_at = time.monotonic()
        return size

    def _wait(self) -> bool:
        """Wait for bytes, at most TICK_S; return whether there are some. Ends a body that is too slow."""
        began = time.monotonic()
        has_some = bool(self._poll.poll(TICK_S * 1000))
        if not self._pace.is_kept(time.monotonic() - began):
            self.is_too_slow = self._is_cut = True
        return has_some and not self._is_cut
