"""A batch as its page shows it, and those of a person that aren't done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from transcripts import access
from transcripts.models import Batch, Recording, Upload
from transcripts.models.choices import ACTIVE_JOB, JobStatus, UploadStatus
from transcripts.selectors.library.rows import Row, rows_of
from transcripts.services.recordings.batches import OF_THE_FILE
from transcripts.services.recordings.parts import EXPIRES_AFTER

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

ROWS = 100
# An estimate from fewer says nothing
MEASURED = 3
# So many unfinished batches are shown in the library, and for so long: uploads expire after that
MOST_OPEN, OPEN_FOR = 3, timedelta(days=7)
MINUTE = timedelta(minutes=1)
# A part of 32 MiB takes less, at half a megabit a second
INTERRUPTED_AFTER = timedelta(minutes=10)

ARRIVED = Q(recording__isnull=False)
ACTIVE = ARRIVED & Q(recording__job_status__in=ACTIVE_JOB)
READ = ARRIVED & ~Q(recording__job_status__in=ACTIVE_JOB) & Q(recording__latest_transcript__isnull=False)
FAILED = ARRIVED & Q(recording__job_status=JobStatus.FAILED, recording__latest_transcript=None)

UNUSABLE = FAILED & Q(recording__latest_job__error_code__in=OF_THE_FILE)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a batch: its `row` as the library has it, once it has arrived."""

    upload: Upload
    row: Row | None

    @property
    def percent(self) -> int:
        """How much of it is uploaded."""
        return 100 * self.upload.offset // self.upload.length if self.upload.length else 100

    @property
    def is_arriving(self) -> bool:
        """Whether more of it is expected."""
        return self.upload.status == UploadStatus.RECEIVING

    @property
    def is_interrupted(self) -> bool:
        """Whether nothing of it has come for so long that its page is closed, or away."""
        return self.is_arriving and timezone.now() > self.upload.expires_at - EXPIRES_AFTER + INTERRUPTED_AFTER


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a batch, counted whole. `known` files have an upload; `present` are those that the person can see.

    Of those that `failed`, the `unusable` can't be transcribed however often one tries.
    """

    batch: Batch
    files: list[File]
    number: int
    known: int
    present: int
    transcribed: int
    failed: int
    unusable: int
    active: int
    arriving: int
    may_retry: bool = False

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return max(1, -(-self.present // ROWS))

    @property
    def absent(self) -> int:
        """How many files the server was never told of."""
        return max(0, self.batch.files - self.known)

    @property
    def gone(self) -> int:
        """How many arrived and aren't here any more, or not for this person."""
        return self.known - self.present

    @property
    def retryable(self) -> int:
        """How many of those that failed another attempt can help."""
        return self.failed - self.unusable

    @property
    def is_working(self) -> bool:
        """Whether something of it is in progress here."""
        return self.active + self.arriving > 0

    @property
    def percent(self) -> int:
        """How much of it has an end."""
        return 100 * (self.transcribed + self.failed) // self.batch.files if self.batch.files else 100

    @property
    def minutes_left(self) -> int | None:
        """How long the rest takes if it takes as long as what is done; None if that can't be told."""
        done, left = self.transcribed + self.failed, self.active + self.arriving
        if done < MEASURED or not left:
            return None
        return max(1, round((timezone.now() - self.batch.created_at) / done * left / MINUTE))


def page(user: User, batch: Batch, number: int = 1) -> Page:
    """Return a page of a batch, with those of its files whose recordings the person can see."""
    shown = _shown(user, batch)
    known = Count("pk")
    told = shown.aggregate(
        present=known,
        transcribed=Count("pk", filter=READ),
        failed=Count("pk", filter=FAILED),
        unusable=Count("pk", filter=UNUSABLE),
        active=Count("pk", filter=ACTIVE),
        arriving=Count("pk", filter=Q(status=UploadStatus.RECEIVING)),
    )
    number = min(number, max(1, -(-told["present"] // ROWS)))
    files = _files(user, list(shown.order_by("created_at", "pk")[ROWS * (number - 1) : ROWS * number]))
    level = access.level_in(user, batch.team) or 0
    return Page(
        batch,
        files,
        number,
        known=_named(batch).count(),
        may_retry=told["failed"] > told["unusable"] and level >= access.Level.DECIDE,
        **told,
    )


def recordings(user: User, batch: Batch) -> QuerySet[Recording]:
    """Return the recordings of a batch that the person can see."""
    return access.recordings_of(user).filter(upload__batch=batch).select_related("latest_job")


def unfinished(user: User) -> list[Batch]:
    """Return the batches of a person in which something is still in progress, the newest first."""
    recent = Batch.objects.filter(owner=user, created_at__gt=timezone.now() - OPEN_FOR)
    ids = list(recent.values_list("pk", flat=True))
    # Most people have none: to write the rest of the query takes longer than to see that
    if not ids:
        return []
    moving = Upload.objects.filter(Q(status=UploadStatus.RECEIVING) | ACTIVE, batch=OuterRef("pk"))
    mine = Batch.objects.filter(Exists(moving), pk__in=ids)
    return list(mine.filter(team__in=access.teams_of(user)).order_by("-created_at")[:MOST_OPEN])


def _shown(user: User, batch: Batch) -> QuerySet[Upload]:
    """Return the uploads of a batch but for those whose recording is gone, or isn't for this person."""
    seen = Q(recording__in=access.recordings_of(user).values("pk"))
    return _named(batch).filter(seen | Q(recording=None) & ~Q(status=UploadStatus.COMPLETE))


def _named(batch: Batch) -> QuerySet[Upload]:
    """Return the uploads of a batch, each file once.

    A page that is closed as it begins an upload may not learn its address, and begins it anew when it is back.
    """
    same = {"batch": batch, "filename": OuterRef("filename"), "length": OuterRef("length")}
    begun_anew = Exists(Upload.objects.filter(**same, created_at__gt=OuterRef("created_at")))
    return Upload.objects.filter(~(Q(status=UploadStatus.RECEIVING, offset=0) & begun_anew), batch=batch)


def _files(user: User, uploads: list[Upload]) -> list[File]:
    arrived = Recording.objects.filter(pk__in=[one.recording_id for one in uploads if one.recording_id])
    rows = {row.recording.pk: row for row in rows_of(arrived, user)}
    return [File(one, rows.get(one.recording_id) if one.recording_id else None) for one in uploads]
