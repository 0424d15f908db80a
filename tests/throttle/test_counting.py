"""From where a slot's window is counted: what the provider's refusals say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.throttle.simulation import WINDOW, simulated_clock
from transcripts import throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import redis

LONG_MS, WINDOW_MS = 30_000, WINDOW.window_ms


class Clock:
    """The limiter's clock, which the test moves."""

    def __init__(self, set_clock: Callable[[int], None]) -> None:
        self._set, self.now_ms = set_clock, 1_000_000
        set_clock(self.now_ms)

    def forward(self, ms: int) -> None:
        """Let so much time pass."""
        self.now_ms += ms
        self._set(self.now_ms)


@pytest.fixture
def clock(redis_client: redis.Redis) -> Iterator[Clock]:
    with simulated_clock(redis_client) as set_clock:
        found = Clock(set_clock)
        throttle.remember(WINDOW, [])
        yield found


def upload(clock: Clock, token: str, *, took_ms: int, is_refused: bool = False) -> None:
    assert throttle.acquire(WINDOW, token).taken
    throttle.begin(WINDOW, token)
    clock.forward(took_ms)
    throttle.settle(WINDOW, token, took_ms=took_ms, is_refused=is_refused)


def longest() -> int:
    return throttle.slots(WINDOW)[-1]


def test_a_short_upload_is_counted_from_its_answer(clock: Clock) -> None:
    upload(clock, "a", took_ms=4_999)
    assert longest() == WINDOW_MS + throttle.MARGIN_MS


def test_a_long_upload_is_counted_from_its_start(clock: Clock) -> None:
    upload(clock, "a", took_ms=LONG_MS)
    assert longest() == WINDOW_MS + throttle.FIRST_MARGIN_MS - LONG_MS


def test_the_slot_of_an_upload_longer_than_the_window_is_free_before_its_answer(clock: Clock) -> None:
    for token in "abcde":
        assert throttle.acquire(WINDOW, token).taken
        throttle.begin(WINDOW, token)
    assert not throttle.acquire(WINDOW, "f").taken
    clock.forward(WINDOW_MS + throttle.FIRST_MARGIN_MS)
    assert throttle.acquire(WINDOW, "f").taken


def test_time_between_the_slot_and_the_request_is_not_counted(clock: Clock) -> None:
    throttle.acquire(WINDOW, "a")
    clock.forward(20_000)
    throttle.begin(WINDOW, "a")
    assert longest() == WINDOW_MS + throttle.FIRST_MARGIN_MS


def test_a_refusal_after_a_long_body_has_slots_counted_from_the_answer_for_a_day(clock: Clock) -> None:
    upload(clock, "a", took_ms=LONG_MS)
    upload(clock, "b", took_ms=LONG_MS, is_refused=True)
    assert throttle.counted(WINDOW.account_id).is_from_answer
    upload(clock, "c", took_ms=LONG_MS)
    assert longest() == WINDOW_MS + throttle.MARGIN_MS
    clock.forward(throttle.DAY_MS)
    assert not throttle.counted(WINDOW.account_id).is_from_answer
    upload(clock, "d", took_ms=LONG_MS)
    assert longest() == WINDOW_MS + throttle.FIRST_MARGIN_MS - LONG_MS


def test_an_immediate_refusal_doubles_the_margin_and_a_second_within_an_hour_ends_it(clock: Clock) -> None:
    upload(clock, "a", took_ms=LONG_MS)
    upload(clock, "b", took_ms=100, is_refused=True)
    counted = throttle.counted(WINDOW.account_id)
    assert (counted.is_from_answer, counted.margin_ms) == (False, 2 * throttle.FIRST_MARGIN_MS)
    upload(clock, "c", took_ms=LONG_MS)
    upload(clock, "d", took_ms=100, is_refused=True)
    assert throttle.counted(WINDOW.account_id).is_from_answer


def test_a_refusal_with_short_uploads_alone_says_nothing_of_where_the_provider_counts(clock: Clock) -> None:
    upload(clock, "a", took_ms=1_000)
    for token in "bc":
        upload(clock, token, took_ms=LONG_MS, is_refused=True)
    counted = throttle.counted(WINDOW.account_id)
    assert (counted.is_from_answer, counted.margin_ms) == (False, throttle.FIRST_MARGIN_MS)


def test_the_margin_shrinks_with_long_uploads_that_are_taken(clock: Clock) -> None:
    for number in range(throttle.SHRINKS_AFTER):
        upload(clock, f"short-{number}", took_ms=1_000)
        clock.forward(WINDOW_MS)
    assert throttle.counted(WINDOW.account_id).margin_ms == throttle.FIRST_MARGIN_MS
    for number in range(throttle.SHRINKS_AFTER):
        upload(clock, f"long-{number}", took_ms=LONG_MS)
        clock.forward(WINDOW_MS)
    assert throttle.counted(WINDOW.account_id).margin_ms == round(0.9 * throttle.FIRST_MARGIN_MS)


def test_after_a_cool_down_one_upload_goes_ahead_of_the_others(clock: Clock) -> None:
    throttle.cool(WINDOW.account_id, 10_000)
    clock.forward(10_000)
    assert throttle.acquire(WINDOW, "probe").taken
    assert not throttle.acquire(WINDOW, "a").taken
    throttle.settle(WINDOW, "probe", took_ms=1_000)
    assert throttle.acquire(WINDOW, "a").taken
    assert throttle.acquire(WINDOW, "b").taken


def test_a_probe_that_is_refused_cools_again_and_another_asks(clock: Clock) -> None:
    throttle.cool(WINDOW.account_id, 10_000)
    clock.forward(10_000)
    upload(clock, "probe", took_ms=100, is_refused=True)
    throttle.cool(WINDOW.account_id, 20_000)
    clock.forward(20_000)
    assert throttle.acquire(WINDOW, "a").taken
    assert not throttle.acquire(WINDOW, "b").taken


def test_a_probe_that_was_not_sent_lets_the_next_one_ask(clock: Clock) -> None:
    throttle.cool(WINDOW.account_id, 10_000)
    clock.forward(10_000)
    throttle.acquire(WINDOW, "probe")
    throttle.release(WINDOW, "probe")
    assert throttle.acquire(WINDOW, "a").taken


def test_a_probe_whose_worker_died_is_waited_for_a_minute(clock: Clock) -> None:
    throttle.cool(WINDOW.account_id, 10_000)
    clock.forward(10_000)
    throttle.acquire(WINDOW, "probe")
    clock.forward(throttle.PROBE_MS - 1)
    assert not throttle.acquire(WINDOW, "a").taken
    clock.forward(1)
    assert throttle.acquire(WINDOW, "a").taken


def test_refusals_in_a_row_are_counted_until_an_upload_is_taken(clock: Clock) -> None:
    for number in range(3):
        upload(clock, f"refused-{number}", took_ms=100, is_refused=True)
    assert throttle.counted(WINDOW.account_id).refused == 3
    upload(clock, "taken", took_ms=100)
    assert throttle.counted(WINDOW.account_id).refused == 0
