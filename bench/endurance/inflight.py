"""1,000 recordings at a provider that allows a status check each 5 s: how late checks are, and what they cost.

The provider keeps all of them in work and refuses a check that is early. A check is late by the time from when it was
allowed (the last answer and 5 s) until it arrives there. `python -m bench.endurance.inflight 1000 90` has so many for
so many seconds; with `DATABASE_URL` the instance is on PostgreSQL.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.endurance import status_server
from bench.report import percentile, report
from tests.support.instance import Instance, NewInstance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

RECORDINGS, SECONDS, INTERVAL_S = 1000, 90, 5.0
# Time in which the checks take their places, left out of the figure
SETTLES_S = 25


def main() -> None:
    """Measure and print."""
    number, seconds = (int(text) for text in (sys.argv[1:3] if len(sys.argv) > 2 else (RECORDINGS, SECONDS)))
    with tempfile.TemporaryDirectory() as name, status_server.running(INTERVAL_S) as url:
        endpoint = {"STT_API_ENDPOINT": url, "STT_API_KEY": "a-key", "STT_LIMITS": f"status={INTERVAL_S:g}"}
        database = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
        start = NewInstance if database else Instance
        with start(Path(name) / "data", **endpoint, **database) as instance:
            _fill(instance.variables, number)
            time.sleep(SETTLES_S)
            _measure(instance, url, seconds, on="PostgreSQL" if database else "SQLite")


def _fill(variables: Mapping[str, str], number: int) -> None:
    """Have the instance wait for them, as it does once it sent them; their first checks fall due evenly within 5 s."""
    os.environ.update(variables)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    from bench.endurance.sent import wait_for

    wait_for([uuid.uuid4().hex for _ in range(number)], within=timedelta(seconds=INTERVAL_S))


def _measure(instance: Instance, url: str, seconds: int, *, on: str) -> None:
    names = ("conductor", "default")
    began, before = time.time(), {name: _cpu_s(instance.pid(name)) for name in names}
    time.sleep(seconds)
    took, after = time.time() - began, {name: _cpu_s(instance.pid(name)) for name in names}
    checks = [entry for entry in status_server.checks_at(url) if entry["arrived_at"] < began + took]
    late = _lateness_ms(checks, began)
    report(
        "inflight",
        on=on,
        in_flight=len({entry["submission"] for entry in checks}),
        seconds=round(took),
        checks_a_second=round(len(late) / took, 1),
        late_p50_ms=percentile(late, 50),
        late_p99_ms=percentile(late, 99),
        late_most_ms=round(max(late)),
        early=sum(value < 0 for value in late),
        refused_with_429=sum(entry["code"] == 429 for entry in checks),
        **{f"{name}_percent_of_a_core": round(100 * (after[name] - before[name]) / took, 1) for name in names},
    )


def _lateness_ms(checks: list[dict[str, Any]], since: float) -> list[float]:
    """Return how late each check was, negative for an early one; the first of each recording has no limit."""
    of_each: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for entry in checks:
        of_each[entry["submission"]].append(entry)
    pairs = [pair for entries in of_each.values() for pair in pairwise(entries)]
    return [
        (later["arrived_at"] - earlier["answered_at"] - INTERVAL_S) * 1000
        for earlier, later in pairs
        if later["arrived_at"] >= since
    ]


def _cpu_s(pid: int) -> float:
    """Return the processor time of a process and of the children it has waited for, in seconds."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


if __name__ == "__main__":
    main()
