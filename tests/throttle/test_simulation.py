"""Days of uploads against a provider that counts, in seconds: how many slots are used, how many uploads are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.throttle.simulation import Provider, long, mixed, short, simulated

if TYPE_CHECKING:
    import redis

    from tests.throttle.simulation import Lasts


@pytest.mark.parametrize("counts_at_end", [False, True])
@pytest.mark.parametrize("workers", [1, 4, 16])
def test_short_uploads_use_the_slots_and_are_never_refused(
    redis_client: redis.Redis, workers: int, *, counts_at_end: bool
) -> None:
    provider = Provider(counts_at_end=counts_at_end)
    assert simulated(redis_client, provider, workers, short, 1_000).used > 0.97
    assert provider.refused == 0


@pytest.mark.parametrize("lasts_ms", [long, mixed])
@pytest.mark.parametrize("workers", [8, 16])
def test_long_uploads_use_the_slots_of_a_provider_that_counts_when_they_begin(
    redis_client: redis.Redis, workers: int, lasts_ms: Lasts
) -> None:
    provider = Provider()
    assert simulated(redis_client, provider, workers, lasts_ms, 1_000).used > 0.97
    assert provider.refused == 0


@pytest.mark.parametrize("lasts_ms", [long, mixed])
def test_a_provider_that_counts_when_they_end_is_found_out_with_a_few_refusals(
    redis_client: redis.Redis, lasts_ms: Lasts
) -> None:
    provider = Provider(counts_at_end=True)
    # Less than a day
    simulation = simulated(redis_client, provider, 16, lasts_ms, 2_000)
    assert 1 <= provider.refused <= 3
    assert simulation.used > 0.6


@pytest.mark.long
@pytest.mark.parametrize(("lasts_ms", "most_refused"), [(short, 0), (mixed, 40)])
def test_a_hundred_thousand_uploads(redis_client: redis.Redis, lasts_ms: Lasts, most_refused: int) -> None:
    provider = Provider()
    assert simulated(redis_client, provider, 4, lasts_ms, 100_000).used > 0.97
    assert provider.refused <= most_refused
