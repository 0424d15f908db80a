"""Recordings as rows of the library, with all that a row says, in a handful of queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

from django.db.models import Count, IntegerField, OuterRef, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone

from transcripts import access
from transcripts.access import Level
from transcripts.models import Recording, Speaker
from transcripts.models.choices import OPEN_LIVE, LiveStatus, ReviewStage, Stage
from transcripts.selectors import comments, queue
from transcripts.selectors.sharing.received import shared_by
from transcripts.selectors.status import Status, status_of
from transcripts.services.pipeline.slices import missing
from transcripts.services.recordings import retention, trash

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from accounts.models import User
    from transcripts.models import Assignment, LiveSession, ProcessingJob, Transcript
    from transcripts.selectors.queue import Position
    from transcripts.selectors.sharing.received import SharedBy


class Counts(TypedDict):
    """How many voices the latest transcript has, how many open comments, and how many of these name the reader."""

    speaker_count: int
    comment_count: int
    mention_count: int


if TYPE_CHECKING:
    CountedRecording = WithAnnotations[Recording, Counts]

DAY = timedelta(days=1)
RELATED = (
    "team__defaults",
    "folder",
    "live_session",
    "latest_job",
    "latest_transcript__assignment__assignee",
    "latest_transcript__status_edit__author",
)
# What no row shows: two thirds of the columns, whose reading takes as long as all else about a row
UNREAD_OF = {
    "": "tracks tracks_wanted",
    "team": "is_approved live_minutes_a_month minutes_a_month storage_gb open_uploads open_live_sessions "
    "forbids_own_approval forbids_doubtful_approval created_at",
    "team__defaults": "languages separates_speakers punctuates masks_profanity language account",
    "folder": "created_by created_at",
    "live_session": "gaps unconfirmed provisional rate_hz frame_bytes frames final_until_ms is_whole holder fence "
    "lease_until slot_until seen_at ended_because ended_after_minutes created_at finished_at",
    "latest_job": "languages separates_speakers punctuates masks_profanity request_id",
    "latest_transcript": "has_estimated_speakers engine is_draft_engine changes",
    "latest_transcript__status_edit": "operations speakers shift_ms direction undoes client client_number",
    **dict.fromkeys(
        ("latest_transcript__assignment__assignee", "latest_transcript__status_edit__author"),
        "password last_login is_superuser is_active is_staff is_founder date_joined time_zone new_email erase_at",
    ),
}
UNREAD = [f"{of}__{name}" if of else name for of, names in UNREAD_OF.items() for name in names.split()]

# Said of a live session, followed by the time.
PAUSED = "Paused: no one has been connected since"


class TagName(NamedTuple):
    """A tag as a row shows it."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as the library shows it, with its tags by name."""

    recording: Recording
    status: Status
    job: ProcessingJob | None = None
    transcript: Transcript | None = None
    speakers: int = 0
    comments: int = 0
    mentions: int = 0
    tags: Sequence[TagName] = ()
    may_edit: bool = False
    trashed_at: datetime | None = None
    live: LiveSession | None = None
    shared: SharedBy | None = None
    may_restore: bool = False
    may_purge: bool = False

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
    def days_left(self) -> int:
        """In how many days it is deleted permanently, if it is in the trash."""
        # Days need not be asked of the database, row by row
        now = timezone.now()
        return max(1, -((now - (self.recording.deleted_at or now) - trash.KEPT) // DAY))

    @property
    def is_open(self) -> bool:
        """Whether the transcript is still to be reviewed."""
        return self.is_reviewable and self.recording.review != ReviewStage.APPROVED

    @property
    def is_lacking(self) -> bool:
        """Whether the provider couldn't transcribe a part of it."""
        return self.transcript is not None and bool(missing.of(self.recording))

    @property
    def is_live_recording(self) -> bool:
        """Whether it was recorded here while it was spoken."""
        return hasattr(self.recording, "live_session")

    @property
    def language(self) -> str:
        """The BCP-47 tag of what is spoken, as far as known."""
        return (self.transcript.language if self.transcript else "") or self.recording.language


def row(user: User, recording_id: UUID) -> Row:
    """Return one row; raises access.NotFound for anyone who can't see it."""
    access.get_recording(user, recording_id)
    return with_sharers(rows_of(Recording.objects.filter(pk=recording_id).select_related("owner"), user), user)[0]


def rows_of(recordings: QuerySet[Recording], user: User, *, editable: Collection[int] | None = None) -> list[Row]:
    """Return the recordings as rows, in their order. `editable` are the teams whose recordings the person can edit."""
    found = list(_told(recordings, user))
    prefetch_related_objects([job for one in found if (job := one.latest_job) and job.is_active], "steps")
    places, tags = _places(found), _tags(found)
    if editable is None:
        editable = [place.team_id for place in access.places_of(user) if place.level >= Level.EDIT]
    rows = [_row(recording, places, tags.get(recording.pk, ()), editable) for recording in found]
    leaving = retention.trashed_at(found)
    return [replace(one, trashed_at=leaving.get(one.recording.pk)) for one in rows] if leaving else rows


def may_restore(user: User, recording: Recording) -> bool:
    """Tell whether the person can take a recording out of the trash: they deleted it, or manage its team."""
    level = access.level_in(user, recording.team) or 0
    return level >= (Level.DECIDE if recording.deleted_by_id == user.pk else Level.MANAGE)


def with_sharers(rows: list[Row], user: User) -> list[Row]:
    """Say of each row who shared it; those of the person's own teams are shared by no one."""
    given = shared_by(user, [one.recording.pk for one in rows])
    return [replace(one, shared=given.get(one.recording.pk)) for one in rows]


def _told(recordings: QuerySet[Recording], user: User) -> Iterable[CountedRecording]:
    speakers = Speaker.objects.filter(transcript=OuterRef("latest_transcript")).order_by()
    counted = speakers.values("transcript").annotate(count=Count("pk")).values("count")
    annotated = (
        recordings.select_related(*RELATED)
        .defer(*UNREAD)
        .annotate(
            speaker_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            comment_count=comments.open_threads(),
            mention_count=comments.open_mentions(user),
        )
    )
    return cast("QuerySet[CountedRecording]", annotated)


def _places(recordings: Sequence[Recording]) -> dict[UUID, Position]:
    """Look at the queue only if a job of these waits in it."""
    jobs = [job for one in recordings if (job := one.latest_job) and job.is_active]
    if not any(job.stage == Stage.WAITING for job in jobs):
        return {}
    return queue.positions({recording.team_id for recording in recordings})


def _tags(recordings: Sequence[Recording]) -> dict[UUID, list[TagName]]:
    """Return the tags of each recording by name; of prefetched ones most is never read."""
    marks = Recording.tags.through.objects.filter(recording__in=[one.pk for one in recordings])
    found: dict[UUID, list[TagName]] = {}
    for recording, pk, name in marks.order_by(Lower("tag__name")).values_list("recording", "tag", "tag__name"):
        found.setdefault(recording, []).append(TagName(pk, name))
    return found


def _row(
    recording: CountedRecording,
    places: dict[UUID, Position],
    tags: Sequence[TagName],
    editable: Collection[int],
) -> Row:
    job, transcript = recording.latest_job, recording.latest_transcript
    live = open_session(recording)
    return Row(
        recording=recording,
        status=live_status(live) if live else status_of(job, transcript, place=places.get(job.pk) if job else None),
        job=job,
        transcript=transcript,
        speakers=recording.speaker_count,
        comments=recording.comment_count,
        mentions=recording.mention_count,
        tags=tags,
        may_edit=recording.team_id in editable,
        live=live,
    )


def open_session(recording: Recording) -> LiveSession | None:
    """The recording's live session, until it is a recording like any other."""
    session: LiveSession | None = getattr(recording, "live_session", None)
    return session if session and session.status in OPEN_LIVE else None


def live_status(session: LiveSession) -> Status:
    """Tell the status of a recording whose live session is open."""
    if session.paused_at and session.status == LiveStatus.LIVE:
        return Status("live", PAUSED, tone="warn", until=session.paused_at)
    words = {LiveStatus.FINISHING: "Saving recording", LiveStatus.STARTING: "Not started"}
    return Status("live", words.get(LiveStatus(session.status), "Live now"), tone="red")
