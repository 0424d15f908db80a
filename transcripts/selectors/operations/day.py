"""The last day in hours: audio transcribed and failed, and where the time went; and a week of failures by cause."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from transcripts import clock
from transcripts.models import ProcessingJob, Step
from transcripts.models.choices import JobStatus, StepKind
from transcripts.selectors.operations.failing import CAUSES, SINCE
from transcripts.selectors.operations.parts import at_second, list_href
from transcripts.selectors.status import FAILURES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HOURS = 24
HOUR = timedelta(hours=1)
MINUTE_MS = 60_000
# More jobs a day are sampled, the newest of them
MOST_JOBS = 20_000
MOST_CAUSES = 8
# Four a job: the newest five hundred of them
MOST_STEPS = 2_000
Times = tuple["datetime | None", "datetime | None", "datetime | None"]


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
    week: datetime

    @property
    def failed_href(self) -> str:
        """Where the jobs are listed that failed."""
        return jobs_href(self.week, status__exact=JobStatus.FAILED)

    @property
    def ended_href(self) -> str:
        """Where all jobs are listed that ended."""
        return jobs_href(self.week)

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
    known = codes_of_causes()
    failed: Counter[str] = Counter()
    for (status, code), count in ended.items():
        if status == JobStatus.FAILED:
            failed[cause_in_words(code)] += count
            known.setdefault(cause_in_words(code), [code])
    causes = [_cause(words, count, known[words], now) for words, count in failed.most_common(MOST_CAUSES)]
    return Day(_hours(now), causes, failed.total(), sum(ended.values()), now - SINCE)


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


def codes_of_causes() -> dict[str, list[str]]:
    """Return the codes of each cause; some causes have several, which people needn't tell apart."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in {**CAUSES, **FAILURES}:
        found[cause_in_words(code)].append(code)
    return found


def _cause(words: str, count: int, codes: list[str], now: datetime) -> Cause:
    return Cause(words, count, jobs_href(now - SINCE, status__exact=JobStatus.FAILED, error_code=",".join(codes)))


def jobs_href(since: datetime, **filters: str) -> str:
    """Return where the jobs are listed that ended since a moment."""
    return list_href("processingjob", finished_at__gte=at_second(since), **filters)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: half of the jobs took at most `typical_s`, all but a twentieth `slow_s`."""

    words: str
    typical_s: float
    slow_s: float


def stages() -> list[Stage]:
    """Return the stages in their order, in one query. What was tried again counts for its last attempt as work."""
    rows = Step.objects.filter(job__status=JobStatus.SUCCEEDED, job__finished_at__gte=clock.now() - HOURS * HOUR)
    jobs: dict[object, dict[str, Times]] = defaultdict(dict)
    for job, kind, *times in rows.order_by("-job__finished_at").values_list(
        "job_id", "kind", "created_at", "started_at", "finished_at"
    )[:MOST_STEPS]:
        created, started, finished = times
        jobs[job][kind] = (created, started, finished)
    took: dict[str, list[float]] = defaultdict(list)
    for steps in jobs.values():
        for words, since, until in _spans(steps):
            if since is not None and until is not None:
                took[words].append(max(0.0, (until - since).total_seconds()))
    return [_stage(words, seconds) for words, seconds in took.items()]


def _spans(steps: Mapping[str, Times]) -> list[tuple[str, datetime | None, datetime | None]]:
    """Return the stages of one job, in their order. A provider that answers immediately has no status checks."""
    nothing = (None, None, None)
    created, started, prepared = steps.get(StepKind.PREPARE, nothing)
    ready, sent_from, sent = steps.get(StepKind.SUBMIT, nothing)
    answered = steps.get(StepKind.CHECK, (None, None, sent))[2]
    assembling, _, done = steps.get(StepKind.ASSEMBLE, nothing)
    aligning, _, aligned = steps.get(StepKind.ALIGN, nothing)
    return [
        ("Wait for a worker", created, started),
        ("Prepare", started, prepared),
        ("Wait for a slot", ready, sent_from),
        ("Send, and wait for the provider", sent_from, answered),
        ("Align the words", aligning, aligned),
        ("Assemble and save", aligned or assembling, done),
    ]


def _stage(words: str, seconds: list[float]) -> Stage:
    slow = sorted(seconds)[len(seconds) * 95 // 100]
    return Stage(words, round(statistics.median(seconds), 1), round(slow, 1))
