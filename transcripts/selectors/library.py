"""The read side of the library: a page of rows in a handful of queries, whatever the number of recordings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Prefetch, Q, Subquery, Sum
from django.urls import reverse

from transcripts import access
from transcripts.models import ProcessingJob, Recording, Step, Transcript
from transcripts.models.choices import OPEN_LIVE, LiveStatus, Stage
from transcripts.selectors import comments, library_filters, queue
from transcripts.selectors.library_filters import STATES, Filters, latest_jobs, latest_transcripts
from transcripts.selectors.sharing.received import shared_by
from transcripts.selectors.status import Status, status_of
from transcripts.services.recordings import retention

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from accounts.models import User
    from transcripts.models import Assignment, LiveSession
    from transcripts.selectors.queue import Position
    from transcripts.selectors.sharing.received import SharedBy


class Latest(TypedDict):
    """The ids of a recording's latest job and transcript."""

    latest_job: UUID | None
    latest_transcript: UUID | None


class Counts(TypedDict):
    """How many voices a transcript has, how many open comments, and how many of these name the person who looks."""

    speaker_count: int
    comment_count: int
    mention_count: int


__all__ = ["STATES", "Filters", "LibraryPage", "Row", "page", "row", "rows_of"]

if TYPE_CHECKING:
    LatestRecording = WithAnnotations[Recording, Latest]
    CountedTranscript = WithAnnotations[Transcript, Counts]

PAGE_SIZE = 50
# Beyond this many an exact count would cost more than it tells.
COUNT_LIMIT = 10_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Said of a live session, followed by the time.
PAUSED = "Paused: no one has been connected since"


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as the library shows it."""

    recording: Recording
    status: Status
    job: ProcessingJob | None = None
    transcript: CountedTranscript | None = None
    may_edit: bool = False
    trashed_at: datetime | None = None
    live: LiveSession | None = None
    shared: SharedBy | None = None

    @property
    def href(self) -> str:
        """Where its title leads: to the live page while it is spoken, to the text once there is one."""
        if self.live is not None:
            return reverse("live_session", args=[self.live.pk])
        return (self.transcript or self.recording).get_absolute_url()

    @property
    def assignment(self) -> Assignment | None:
        """Who reviews the transcript, and by when."""
        return getattr(self.transcript, "assignment", None)

    @property
    def is_reviewable(self) -> bool:
        """Whether the row tells how far its review is: not while it is transcribed, nor without words."""
        return self.status.kind == "ready" and self.transcript is not None and self.transcript.word_count > 0

    @property
    def language(self) -> str:
        """The BCP-47 tag of what is spoken, as far as known."""
        return (self.transcript.language if self.transcript else "") or self.recording.language


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """A page of the library. `older` is the cursor of the next page, empty on the last.

    `counts` are how many recordings the filters have that are about review and sharing.
    """

    rows: list[Row]
    filters: Filters
    older: str = ""
    count: int = 0
    duration_ms: int = 0
    counts_all: bool = field(default=True)
    counts: dict[str, int] = field(default_factory=dict)


def page(user: User, filters: Filters) -> LibraryPage:
    """Return one page of what the person may see, newest first."""
    everything = library_filters.narrowed(user, filters)
    found = library_filters.found(everything, filters.state, user)
    recordings = list(_with_latest(_before(found, filters.before))[: PAGE_SIZE + 1])
    shown = recordings[:PAGE_SIZE]
    older = _cursor(shown[-1]) if len(recordings) > PAGE_SIZE else ""
    rows = rows_of(shown, user)
    totals = found.order_by()[: COUNT_LIMIT + 1].aggregate(count=Count("pk"), duration_ms=Sum("duration_ms"))
    return LibraryPage(
        rows=_with_sharers(rows, user) if filters.state == "shared" else rows,
        filters=filters,
        older=older,
        count=min(totals["count"], COUNT_LIMIT),
        duration_ms=totals["duration_ms"] or 0,
        counts_all=totals["count"] <= COUNT_LIMIT,
        counts=_counts(user, filters, everything),
    )


def _counts(user: User, filters: Filters, everything: QuerySet[Recording]) -> dict[str, int]:
    """Return how many recordings the filters have that are about review and sharing."""
    own = library_filters.of_teams(user, filters) if filters.state == "shared" else everything
    counts = library_filters.counts(own, user, most=COUNT_LIMIT)
    return {**counts, "shared": library_filters.shared_count(user, filters, most=COUNT_LIMIT)}


def row(user: User, recording_id: UUID) -> Row:
    """Return one row; raises access.NotFound for anyone who can't see it."""
    access.get_recording(user, recording_id)
    return _with_sharers(rows_of(_with_latest(Recording.objects.filter(pk=recording_id)), user), user)[0]


def rows_of(recordings: Iterable[LatestRecording], user: User) -> list[Row]:
    """Fill rows from recordings that `_with_latest` annotated."""
    recordings = list(recordings)
    jobs = _jobs(recordings)
    transcripts = _transcripts(recordings, user)
    editable = access.editable_team_ids_of(user)
    places = _places(recordings, jobs)
    rows = [_row(recording, jobs, transcripts, places, editable) for recording in recordings]
    leaving = retention.trashed_at(recordings)
    return [replace(one, trashed_at=leaving.get(one.recording.pk)) for one in rows] if leaving else rows


def _with_sharers(rows: list[Row], user: User) -> list[Row]:
    """Say of each row who shared it; those of the person's own teams are shared by no one."""
    given = shared_by(user, [one.recording.pk for one in rows])
    return [replace(one, shared=given.get(one.recording.pk)) for one in rows]


def _places(recordings: Sequence[Recording], jobs: dict[UUID, ProcessingJob]) -> dict[UUID, Position]:
    """Look at the queue only if a job of these waits in it."""
    if not any(job.is_active and job.stage == Stage.WAITING for job in jobs.values()):
        return {}
    return queue.positions({recording.team_id for recording in recordings})


def _row(
    recording: LatestRecording,
    jobs: dict[UUID, ProcessingJob],
    transcripts: dict[UUID, CountedTranscript],
    places: dict[UUID, Position],
    editable: frozenset[int],
) -> Row:
    job = jobs.get(recording.latest_job) if recording.latest_job else None
    transcript = transcripts.get(recording.latest_transcript) if recording.latest_transcript else None
    live = _open_session(recording)
    return Row(
        recording=recording,
        status=_live_status(live) if live else status_of(job, transcript, place=places.get(job.pk) if job else None),
        job=job,
        transcript=transcript,
        may_edit=recording.team_id in editable,
        live=live,
    )


def _open_session(recording: Recording) -> LiveSession | None:
    """The recording's live session, until it is a recording like any other."""
    session: LiveSession | None = getattr(recording, "live_session", None)
    return session if session and session.status in OPEN_LIVE else None


def _live_status(session: LiveSession) -> Status:
    if session.paused_at and session.status == LiveStatus.LIVE:
        return Status("live", PAUSED, tone="warn", until=session.paused_at)
    words = {LiveStatus.FINISHING: "Saving recording", LiveStatus.STARTING: "Not started"}
    return Status("live", words.get(LiveStatus(session.status), "Live now"), tone="red")


def _with_latest(recordings: QuerySet[Recording]) -> QuerySet[LatestRecording]:
    annotated = recordings.select_related("owner", "team__defaults", "live_session").annotate(
        latest_job=Subquery(latest_jobs().values("pk")[:1]),
        latest_transcript=Subquery(latest_transcripts().values("pk")[:1]),
    )
    return cast("QuerySet[LatestRecording]", annotated.order_by("-created_at", "-id"))


def _jobs(recordings: Sequence[LatestRecording]) -> dict[UUID, ProcessingJob]:
    ids = [recording.latest_job for recording in recordings if recording.latest_job]
    steps = Prefetch("steps", Step.objects.order_by("pk"))
    return ProcessingJob.objects.prefetch_related(steps).in_bulk(ids)


def _transcripts(recordings: Sequence[LatestRecording], user: User) -> dict[UUID, CountedTranscript]:
    ids = [recording.latest_transcript for recording in recordings if recording.latest_transcript]
    related = Transcript.objects.select_related("assignment__assignee", "status_edit__author")
    counted = related.annotate(
        speaker_count=Count("speakers"),
        comment_count=comments.open_threads(),
        mention_count=comments.open_mentions(user),
    )
    return cast("dict[UUID, CountedTranscript]", counted.in_bulk(ids))


def _cursor(recording: Recording) -> str:
    microseconds = (recording.created_at - EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}.{recording.pk}"


def _before(found: QuerySet[Recording], cursor: str) -> QuerySet[Recording]:
    """Keep what is older than the cursor; an invalid cursor counts as none."""
    try:
        microseconds, _, pk = cursor.partition(".")
        moment, key = EPOCH + timedelta(microseconds=int(microseconds)), uuid.UUID(pk)
    except (ValueError, OverflowError):
        return found
    return found.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=key))
