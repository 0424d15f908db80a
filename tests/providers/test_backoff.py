"""Waits between attempts: they double, have a cap, and are spread."""

from __future__ import annotations

import pytest

from transcripts.providers.backoff import delay_ms


@pytest.mark.parametrize(
    ("attempt", "wait_ms"),
    [(0, 1_000), (1, 1_000), (2, 2_000), (3, 4_000), (5, 16_000), (6, 30_000), (7, 30_000), (1_000_000, 30_000)],
)
def test_waits_double_from_the_first_up_to_the_cap(attempt: int, wait_ms: int) -> None:
    assert delay_ms(attempt, first_ms=1_000, most_ms=30_000) == wait_ms


def test_a_cap_below_the_first_wait_holds() -> None:
    assert delay_ms(1, first_ms=1_000, most_ms=10) == 10


@pytest.mark.parametrize(("chance", "wait_ms"), [(0.0, 24_000), (0.5, 30_000), (1.0, 36_000)])
def test_jitter_spreads_the_capped_wait_to_both_sides(chance: float, wait_ms: int) -> None:
    assert delay_ms(9, first_ms=1_000, most_ms=30_000, jitter=0.2, chance=lambda: chance) == wait_ms


def test_waits_with_jitter_differ() -> None:
    waits = {delay_ms(1, first_ms=1_000_000, most_ms=1_000_000, jitter=0.5) for _ in range(20)}
    assert len(waits) > 1
    assert all(500_000 <= wait_ms <= 1_500_000 for wait_ms in waits)
