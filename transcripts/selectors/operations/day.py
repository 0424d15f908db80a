"""The last day in hours: audio transcribed and failed, and how long people waited; and a week of failures by cause."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from transcripts import clock
from transcripts.models import ProcessingJob
from transcripts.models.choices import JobStatus
from transcripts.selectors.operations.failing import CAUSES, SINCE
from transcripts.selectors.status import FAILURES

if TYPE_CHECKING:
    from datetime import datetime

HOURS = 24
HOUR = timedelta(hours=1)
MINUTE_MS = 60_000
# More jobs a day are sampled, the newest of them
MOST_JOBS = 20_000
MOST_CAUSES = 8


@dataclass(slots=True)
class Hour:
    """One hour: minutes of audio that were transcribed or failed, and the waits of the jobs that ended in it."""

    begins: datetime
    done_ms: int = 0
    failed_ms: int = 0
    jobs: int = 0
    waits_s: list[float] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Minutes of audio transcribed."""
        return round(self.done_ms / MINUTE_MS)

    @property
    def failed_minutes(self) -> int:
        """Minutes of audio that failed."""
        return round(self.failed_ms / MINUTE_MS)

    @property
    def typical_s(self) -> float | None:
        """How long half of the recordings took from upload to transcript, at most."""
        return round(statistics.median(self.waits_s), 1) if self.waits_s else None

    @property
    def slow_s(self) -> float | None:
        """How long all but a twentieth took, at most."""
        return round(sorted(self.waits_s)[len(self.waits_s) * 95 // 100], 1) if self.waits_s else None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why recordings failed, and how many."""

    words: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Day:
    """What the charts show. `failed` of `ended` jobs of the week failed."""

    hours: list[Hour]
    causes: list[Cause]
    failed: int
    ended: int

    @property
    def total_ms(self) -> int:
        """Audio transcribed within the day."""
        return sum(hour.done_ms for hour in self.hours)

    @property
    def throughput(self) -> dict[str, Any]:
        """The chart of audio, as the page hands it to its script."""
        # Failed minutes are drawn on top: behind the bar of those that were transcribed, and higher
        together = [hour.minutes + hour.failed_minutes for hour in self.hours]
        return {
            "hours": [int(hour.begins.timestamp()) for hour in self.hours],
            "unit": "min",
            "lines": [
                {"label": "Failed", "tone": "rubric", "kind": "bars", "values": together},
                {"label": "Transcribed", "tone": "soft", "kind": "bars", "values": [one.minutes for one in self.hours]},
            ],
        }

    @property
    def waits(self) -> dict[str, Any]:
        """The chart of waits, as the page hands it to its script."""
        return {
            "hours": [int(hour.begins.timestamp()) for hour in self.hours],
            "unit": "s",
            "lines": [
                {"label": "95 of 100", "tone": "warn", "kind": "line", "values": [one.slow_s for one in self.hours]},
                {"label": "Half", "tone": "ink", "kind": "line", "values": [one.typical_s for one in self.hours]},
            ],
        }


def day() -> Day:
    """Return the last 24 hours and the failures of a week, in two queries."""
    now = clock.now()
    ended = _by_status(now)
    failed = {code: count for (status, code), count in ended.items() if status == JobStatus.FAILED}
    causes = sorted(failed.items(), key=lambda one: -one[1])[:MOST_CAUSES]
    return Day(_hours(now), [_cause(*one) for one in causes], sum(failed.values()), sum(ended.values()))


def _hours(now: datetime) -> list[Hour]:
    first = now.replace(minute=0, second=0, microsecond=0) - (HOURS - 1) * HOUR
    found = [Hour(first + number * HOUR) for number in range(HOURS)]
    rows = ProcessingJob.objects.filter(finished_at__gte=first, status__in=(JobStatus.SUCCEEDED, JobStatus.FAILED))
    for status, created, finished, length in rows.order_by("-finished_at").values_list(
        "status", "created_at", "finished_at", "recording__duration_ms"
    )[:MOST_JOBS]:
        assert finished is not None
        hour = found[min(HOURS - 1, (finished - first) // HOUR)]
        hour.jobs += 1
        if status == JobStatus.FAILED:
            hour.failed_ms += length or 0
        else:
            hour.done_ms += length or 0
            hour.waits_s.append((finished - created).total_seconds())
    return found


def _by_status(now: datetime) -> dict[tuple[str, str], int]:
    rows = ProcessingJob.objects.filter(finished_at__gte=now - SINCE).order_by().values("status", "error_code")
    return {
        (status, code): n for status, code, n in rows.annotate(n=Count("pk")).values_list("status", "error_code", "n")
    }


def cause_in_words(code: str) -> str:
    """Name why a job failed in a few words."""
    if code in CAUSES:
        return CAUSES[code][0]
    return FAILURES.get(code) or (code.replace("_", " ").capitalize() if code else "No reason given")


def _cause(code: str, count: int) -> Cause:
    query = urlencode({"status__exact": JobStatus.FAILED, "error_code": code})
    return Cause(cause_in_words(code), count, f"{reverse('admin:transcripts_processingjob_changelist')}?{query}")
