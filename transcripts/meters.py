"""Counters of what all processes of an instance do, for `/metrics`.

They are fields of one hash in Redis, because workers come and go and only the web process is scraped: any web process
answers for the whole instance. A Redis that loses its data begins again at 0, which Prometheus takes for a restart.
What only one process knows (its sockets, the lag of its live sessions) is a metric of that process, scraped there.

A counter never fails its caller and waits for the commit of what it counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import redis
from django.conf import settings
from django.db import transaction
from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KEY: Final = "verbatim:meters"
# From a step that takes no time to a day of waiting, in seconds
BUCKETS: Final = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 14_400, 86_400)
SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Meter:
    """A name with its labels; a counter, or a histogram of seconds if `is_timed`."""

    name: str
    help: str
    labels: tuple[str, ...]
    is_timed: bool = False


STEP_SECONDS = Meter("verbatim_step_seconds", "How long steps took, by kind.", ("kind",), is_timed=True)
STEP_WAIT_SECONDS = Meter(
    "verbatim_step_wait_seconds", "How long steps that were due waited for a worker.", ("kind",), is_timed=True
)
JOB_SECONDS = Meter(
    "verbatim_job_seconds", "From the beginning of jobs to their end, by status.", ("status",), is_timed=True
)
JOB_FAILURES = Meter("verbatim_job_failures", "Jobs that failed, by the code of their error.", ("code",))
PROVIDER_CALLS = Meter(
    "verbatim_provider_calls", "Requests to providers, by account and outcome.", ("account", "endpoint", "outcome")
)
PROVIDER_SECONDS = Meter(
    "verbatim_provider_call_seconds", "How long uploads to providers took.", ("account",), is_timed=True
)
RECOVERED_STEPS = Meter("verbatim_recovered_steps", "Steps that lost their worker and began again.", ("kind",))
METERS: Final = (
    STEP_SECONDS,
    STEP_WAIT_SECONDS,
    JOB_SECONDS,
    JOB_FAILURES,
    PROVIDER_CALLS,
    PROVIDER_SECONDS,
    RECOVERED_STEPS,
)

# What this process alone knows
PROCESS: Final = CollectorRegistry()
SOCKETS: Final = Gauge("verbatim_sockets", "Open sockets of pages in this web process.", registry=PROCESS)
LIVE_LAG: Final = Histogram(
    "verbatim_live_lag_seconds",
    "How much audio the provider had not received when it sent provisional words.",
    buckets=(0.25, 0.5, 1, 2, 3, 5, 10, 30),
    registry=PROCESS,
)


class Unavailable(Exception):
    """Redis does not answer."""


def count(meter: Meter, *labels: str) -> None:
    """Count one, once the current transaction is committed."""
    _add(meter, {_field(labels): 1.0})


def observe(meter: Meter, seconds: float, *labels: str) -> None:
    """Note how long something took, once the current transaction is committed."""
    observe_all(meter, [seconds], *labels)


def observe_all(meter: Meter, times: Iterable[float], *labels: str) -> None:
    """Note how long each of several took, in seconds, once the current transaction is committed."""
    numbers: dict[str, float] = defaultdict(float)
    for seconds in times:
        numbers[_field((*labels, _bucket(seconds)))] += 1
        numbers[_field((*labels, "sum"))] += max(0.0, seconds)
    _add(meter, {field: round(number, 3) for field, number in numbers.items()})


def _bucket(seconds: float) -> str:
    place = bisect_left(BUCKETS, max(0.0, seconds))
    return str(BUCKETS[place]) if place < len(BUCKETS) else "+Inf"


def families() -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
    """Return what all processes counted, as Prometheus' client writes it. Raises Unavailable."""
    stored = _stored()
    for meter in METERS:
        values = {
            tuple(labels): float(number)
            for field, number in stored.items()
            if (labels := field.split(SEPARATOR)).pop(0) == meter.name
        }
        yield _histogram(meter, values) if meter.is_timed else _counter(meter, values)


def _counter(meter: Meter, values: Mapping[tuple[str, ...], float]) -> CounterMetricFamily:
    family = CounterMetricFamily(meter.name, meter.help, labels=meter.labels)
    for labels, value in sorted(values.items()):
        family.add_metric(labels, value)
    return family


def _histogram(meter: Meter, values: Mapping[tuple[str, ...], float]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(meter.name, meter.help, labels=meter.labels)
    for labels in sorted({found[:-1] for found in values}):
        total, buckets = 0.0, []
        for edge in (*map(str, BUCKETS), "+Inf"):
            total += values.get((*labels, edge), 0.0)
            buckets.append((edge, total))
        family.add_metric(labels, buckets, sum_value=values.get((*labels, "sum"), 0.0))
    return family


def _field(labels: tuple[str, ...]) -> str:
    return SEPARATOR.join(labels)


def _add(meter: Meter, numbers: Mapping[str, float]) -> None:
    transaction.on_commit(lambda: _write(meter, numbers), robust=True)


def _write(meter: Meter, numbers: Mapping[str, float]) -> None:
    with suppress(redis.RedisError):
        pipe = _client().pipeline(transaction=False)
        for field, number in numbers.items():
            pipe.hincrbyfloat(KEY, f"{meter.name}{SEPARATOR}{field}", number)
        pipe.execute()


def _stored() -> dict[str, str]:
    try:
        found: dict[bytes, bytes] = _client().hgetall(KEY)  # type: ignore[assignment]
    except redis.RedisError as error:
        raise Unavailable from error
    return {str(field, "utf-8"): str(number, "utf-8") for field, number in found.items()}


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
