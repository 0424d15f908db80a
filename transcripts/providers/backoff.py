"""Exponential backoff: how long to wait before another attempt."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Doubled so often, a wait of a millisecond is two weeks: every cap is below it.
MOST_DOUBLINGS = 30


def delay_ms(
    attempt: int,
    *,
    first_ms: int,
    most_ms: int,
    jitter: float = 0,
    chance: Callable[[], float] = random.random,
) -> int:
    """Return the wait after this attempt failed, the first being 1: `first_ms`, then twice as long each time.

    The wait is capped at `most_ms`; jitter of 0.2 then spreads it over 80 to 120 percent, so that clients that failed
    together don't return together. `chance` gives numbers from 0 to 1.
    """
    doublings = min(max(attempt - 1, 0), MOST_DOUBLINGS)
    wait_ms = min(first_ms << doublings, most_ms)
    return round(spread(wait_ms, jitter, chance)) if jitter else wait_ms


def spread(wait_ms: float, jitter: float, chance: Callable[[], float] = random.random) -> float:
    """Return a wait made longer or shorter by up to this share of it."""
    return wait_ms * (1 - jitter + 2 * jitter * chance())
