"""A million uploads against a provider that allows five a minute, the real limiter in Redis, under a simulated clock.

"Refused" are the answers of 429; "used" is the share of the provider's slots. A provider may count an upload when it
begins or once it has come whole; the limiter isn't told which. `python -m bench.pipeline.governor 1000000` says how
many uploads.
"""

from __future__ import annotations

import sys
import time

from bench.instance import own_instance
from bench.report import report

UPLOADS = 100_000


def main() -> None:
    """Measure and print."""
    uploads = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else UPLOADS
    with own_instance():
        _measure(uploads)


def _measure(uploads: int) -> None:
    import redis
    from django.conf import settings

    from tests.throttle.simulation import Provider, long, mixed, short, simulated

    client = redis.Redis.from_url(settings.REDIS_URL)
    for name, lasts_ms, workers in (("short", short, 1), ("short", short, 16), ("mixed", mixed, 4), ("long", long, 16)):
        for counts_at_end in (False, True):
            client.flushall()
            provider, began = Provider(counts_at_end=counts_at_end), time.perf_counter()
            simulation = simulated(client, provider, workers, lasts_ms, uploads)
            report(
                "governor", uploads=uploads, bodies=name, workers=workers, counted="end" if counts_at_end else "start",
                refused=provider.refused, used_percent=round(100 * simulation.used, 1),
                s=round(time.perf_counter() - began),
            )  # fmt: skip


if __name__ == "__main__":
    main()
