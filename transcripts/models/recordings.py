"""Bytes arriving, recordings and their stored files."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from accounts.models import Team
from transcripts.addresses import address_of
from transcripts.models.choices import (
    ACTIVE_JOB,
    UPLOAD_TRANSITIONS,
    JobStatus,
    MediaKind,
    ReviewStage,
    UploadStatus,
)
from transcripts.models.library.batches import Batch
from transcripts.models.library.folders import Folder, Tag
from transcripts.models.providers import Wished
from transcripts.models.transitions import StatusQuerySet

PRESENT = models.Q(deleted_at__isnull=True)
TRASHED = models.Q(deleted_at__isnull=False)
WORKING = models.Q(job_status__in=ACTIVE_JOB)
FAILED = models.Q(job_status=JobStatus.FAILED)
# Due days and percentages of recordings that have none: behind all others in every order.
NEVER = date(9999, 12, 31)
NOT_REVIEWABLE = 101


class Recording(models.Model):
    """One piece of media with an owner and a team. `duration_ms` is measured by decoding, never read from a header.

    `tracks` lists the audio tracks of its file, as {"number", "label", "language", "is_used", "left_out"}, the last of
    them why; `tracks_wanted` are the numbers of those that a person chose, empty for the choice of the program.
    `notices` lists what a person should know about the audio or the transcript, as {"source", "code", "values"};
    `services/notices.py` is its only writer and words it. A recording with `deleted_at` is in the trash: no page
    but its own shows it, and housekeeping purges it later. The retention of the team passes over one that `is_held`.

    The library finds and sorts recordings by `latest_job`, `job_status`, `latest_transcript`, `review`, `reviewer`,
    `due_on` and `reviewed_percent`. They repeat what jobs, transcripts and assignments say, and `services/summaries.py`
    is their only writer, in the transaction of each change (decision 32). `due_on` is NEVER if no review is due, and
    `reviewed_percent` NOT_REVIEWABLE if there are no words to review.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="recordings")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="recordings")
    title = models.CharField(max_length=255)
    filename = models.CharField(max_length=255)
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="recordings")
    tags = models.ManyToManyField(Tag, blank=True, related_name="recordings")
    language = models.CharField(max_length=35, blank=True, help_text="BCP-47 tag; empty lets the provider decide.")
    duration_ms = models.PositiveBigIntegerField(null=True, blank=True)
    has_video = models.BooleanField(default=False)
    tracks = models.JSONField(default=list, blank=True)
    tracks_wanted = models.JSONField(default=list, blank=True)
    notices = models.JSONField(default=list, blank=True)
    is_held = models.BooleanField("kept whatever its age", default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    latest_job = models.ForeignKey(
        "transcripts.ProcessingJob", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    job_status = models.CharField(max_length=10, blank=True, editable=False, default="", db_default="")
    latest_transcript = models.ForeignKey(
        "transcripts.Transcript", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    review = models.CharField(max_length=10, choices=ReviewStage, blank=True, editable=False, default="", db_default="")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(editable=False, default=NEVER, db_default=NEVER)
    reviewed_percent = models.PositiveSmallIntegerField(
        editable=False, default=NOT_REVIEWABLE, db_default=NOT_REVIEWABLE
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # The library, in each of its orders within a team. Filters are read from the last columns
            models.Index(
                fields=["team", "-created_at", "-id", "review", "duration_ms"], name="library_newest", condition=PRESENT
            ),
            models.Index("team", Lower("title"), "id", "review", name="library_title", condition=PRESENT),
            models.Index(fields=["team", "due_on", "id", "review"], name="library_due", condition=PRESENT),
            models.Index(fields=["team", "reviewed_percent", "id", "review"], name="library_review", condition=PRESENT),
            # Its filters, where they leave few
            models.Index(
                fields=["team", "review", "-created_at", "-id", "duration_ms"], name="library_stage", condition=PRESENT
            ),
            # Of a job's status as a column: SQLite uses no index whose condition names a value that a query binds
            models.Index(
                fields=["team", "job_status", "-created_at", "-id", "duration_ms"],
                name="library_job",
                condition=PRESENT,
            ),
            # One person's are counted and sorted within the index: of thousands each row would be looked up
            models.Index(
                fields=["owner", "-created_at", "-id", "team", "duration_ms", "due_on", "reviewed_percent"],
                name="library_owner",
                condition=PRESENT,
            ),
            models.Index(
                fields=["reviewer", "-created_at", "-id", "team", "owner", "duration_ms", "due_on", "reviewed_percent"],
                name="library_reviewer",
                condition=PRESENT,
            ),
            models.Index(fields=["folder", "-created_at", "-id"], name="library_folder", condition=PRESENT),
            models.Index(fields=["team", "-deleted_at", "-id"], name="library_trash", condition=TRASHED),
            # The console: newest first
            models.Index(fields=["-created_at"], name="newest_recordings"),
            # The purge of the trash
            models.Index(fields=["deleted_at"], name="bin", condition=models.Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of this recording."""
        return address_of("recording", self.pk)


class PurgedRecording(models.Model):
    """A recording that was deleted permanently. Files that still bear its id are known to be of no use any more."""

    recording_id = models.UUIDField(primary_key=True)
    purged_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.recording_id)


class UploadQuerySet(StatusQuerySet["Upload"]):
    """Uploads."""

    transitions = UPLOAD_TRANSITIONS


class Upload(Wished):
    """Bytes arriving; receiving → complete / abandoned.

    `offset` is the number of bytes that are safe on disk, in a file named `storage_name`, which stays where it is
    when the upload completes: nothing is moved, so nothing is lost between two moves. `metadata` is the sender's
    Upload-Metadata header, told back word for word. Without its `folder`, deleted in between, the recording is in none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    filename = models.CharField(max_length=255)
    language = models.CharField(max_length=35, blank=True)
    speakers = models.PositiveSmallIntegerField(null=True, blank=True)
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads")
    metadata = models.TextField(blank=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=UploadStatus, default=UploadStatus.RECEIVING)
    recording = models.OneToOneField(Recording, null=True, blank=True, on_delete=models.SET_NULL, related_name="upload")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(offset__lte=models.F("length")), name="offset_within_length"),
            models.CheckConstraint(condition=models.Q(status__in=UploadStatus.values), name="upload_known_status"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The sweep of what was not continued
            models.Index(fields=["expires_at"], name="unfinished_uploads", condition=models.Q(status="receiving")),
            # The console: newest first
            models.Index(fields=["-created_at"], name="newest_uploads"),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.offset} of {self.length} bytes)"

    @property
    def storage_name(self) -> str:
        """The file below the media storage that the bytes are written to."""
        return f"originals/{self.pk}"


class MediaFile(models.Model):
    """A stored file of a recording. The names are ours; what people called a file is only ever shown.

    `missing_since` is when someone asked for it and the storage no longer had it: an alarm for the operator.
    In the provider's audio several tracks are one after the other; `layout` then says which is where, as {"label",
    "start_ms", "end_ms"}, and `sha256` is of its samples, of an original that of its bytes. An original has a
    `fingerprint` (`media/fingerprints.py`), by which the same file is recognised before it is uploaded again.
    """

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="media_files")
    kind = models.CharField(max_length=10, choices=MediaKind)
    storage_name = models.CharField(max_length=255)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")
    content_type = models.CharField(max_length=100, default="application/octet-stream")
    missing_since = models.DateTimeField(null=True, blank=True)
    layout = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recording", "kind"], name="one_file_a_kind"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The same file again, and what has no fingerprint yet
            models.Index(
                fields=["fingerprint"], name="original_fingerprints", condition=models.Q(kind=MediaKind.ORIGINAL)
            ),
            # By how much the storage grows, and files that are missing
            models.Index(fields=["created_at", "bytes"], name="storage_growth"),
            models.Index(
                fields=["missing_since"], name="missing_files", condition=models.Q(missing_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.recording_id}"
