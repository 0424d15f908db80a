"""Workers, a provider that counts, and the real limiter in Redis, under a clock that is set rather than waited for.

Recordings never run out. Each worker takes a slot, sends, and is answered; the provider counts what arrives within its
moving window and refuses what is too much with 429.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from unittest import mock

from transcripts import throttle
from transcripts.throttle import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import redis

# How long the body of an upload takes to arrive, in ms
Lasts = Callable[[random.Random], float]

CLOCK = "verbatim:throttle:clock"
SIMULATED = f"local now = tonumber(redis.call('GET', '{CLOCK}'))"
WINDOW = throttle.Window(account_id=9, count=5, window_ms=60_000, deadline_ms=600_000)
# What a provider says in its 429, as the documented limits do
RETRY_AFTER_MS = 2_000
# From a slot that is free to the worker that takes it
WAKE_MS = 5


@contextmanager
def simulated_clock(client: redis.Redis) -> Iterator[Callable[[int], None]]:
    """Let the limiter read a clock that the test sets, in ms."""
    throttle._script.cache_clear()
    with mock.patch.object(scripts, "NOW", SIMULATED):

        def set_clock(now_ms: int) -> None:
            client.set(CLOCK, now_ms)

        yield set_clock
    throttle._script.cache_clear()


def short(dice: random.Random) -> float:
    """A second or so, as of compressed audio on a fast line."""
    return min(4_500.0, dice.lognormvariate(6.5, 0.7))


def long(dice: random.Random) -> float:
    """Half a minute or so, as on a slow line or of a provider that answers with the text."""
    return 5_000 + dice.expovariate(1 / 25_000)


def mixed(dice: random.Random) -> float:
    """As many long ones as short ones."""
    return short(dice) if dice.random() < 0.5 else long(dice)


@dataclass(slots=True)
class Provider:
    """One that counts an upload when it arrives, or only once its body has come whole (`counts_at_end`)."""

    counts_at_end: bool = False
    counted: deque[int] = field(default_factory=deque)
    accepted: int = 0
    refused: int = 0

    def takes(self, now_ms: int) -> bool:
        """Count an upload, unless that would be one too many."""
        while self.counted and self.counted[0] <= now_ms - WINDOW.window_ms:
            self.counted.popleft()
        if len(self.counted) >= WINDOW.count:
            self.refused += 1
            return False
        self.counted.append(now_ms)
        self.accepted += 1
        return True


@dataclass(slots=True)
class Simulation:
    """`workers` at one provider; `lasts_ms` gives how long each body takes to arrive."""

    provider: Provider
    workers: int
    lasts_ms: Lasts
    set_clock: Callable[[int], None]
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    now_ms: int = 1_000_000
    first_ms: int = 0
    _events: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _idle: int = 0
    _wakes_at: int = 0

    def run(self, uploads: int) -> None:
        """Go on until the provider took so many."""
        self._idle, self.first_ms = self.workers, self.now_ms
        self._in(0, self._take_slots)
        while self.provider.accepted < uploads:
            self.now_ms, _, act = heapq.heappop(self._events)
            self.set_clock(self.now_ms)
            act()

    @property
    def used(self) -> float:
        """The share of the slots since the beginning that were used."""
        rounds = (self.now_ms - self.first_ms) / WINDOW.window_ms
        return self.provider.accepted / (WINDOW.count * (rounds + 1))

    def _in(self, wait_ms: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now_ms + max(0, round(wait_ms)), next(self._order), act))

    def _take_slots(self) -> None:
        while self._idle:
            token = str(next(self._order))
            grant = throttle.acquire(WINDOW, token)
            if not grant.taken:
                self._wake_at(self.now_ms + grant.wait_ms + WAKE_MS)
                return
            self._idle -= 1
            self._send(token)

    def _wake_at(self, moment_ms: int) -> None:
        if self._wakes_at <= self.now_ms or moment_ms < self._wakes_at:
            self._wakes_at = moment_ms
            self._in(moment_ms - self.now_ms, self._take_slots)

    def _delay_ms(self) -> float:
        return 20 + self.dice.expovariate(1 / 80)

    def _send(self, token: str) -> None:
        throttle.begin(WINDOW, token)
        began, there, lasts = self.now_ms, self._delay_ms(), self.lasts_ms(self.dice)
        counted_after = there + (lasts if self.provider.counts_at_end else 0)
        answered_after = there + lasts + self._delay_ms()

        def arrive() -> None:
            is_taken = self.provider.takes(self.now_ms)
            # A provider that counts at the start refuses before it reads
            after = answered_after - counted_after if is_taken else self._delay_ms()
            self._in(after, lambda: self._answered(token, began, is_taken=is_taken))

        self._in(counted_after, arrive)

    def _answered(self, token: str, began: int, *, is_taken: bool) -> None:
        throttle.settle(WINDOW, token, took_ms=self.now_ms - began, is_refused=not is_taken)
        if not is_taken:
            throttle.cool(WINDOW.account_id, RETRY_AFTER_MS)
        self._idle += 1
        self._take_slots()


def simulated(client: redis.Redis, provider: Provider, workers: int, lasts_ms: Lasts, uploads: int) -> Simulation:
    """Let so many uploads be taken, by a limiter that knows nothing yet."""
    with simulated_clock(client) as set_clock:
        set_clock(1_000_000)
        throttle.remember(WINDOW, [])
        simulation = Simulation(provider, workers, lasts_ms, set_clock)
        simulation.run(uploads)
    return simulation
