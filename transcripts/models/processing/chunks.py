"""What of a recording is sent to a provider, what it answered, and what was called for that."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts.models.choices import CHUNK_TRANSITIONS, CallOutcome, ChunkStatus
from transcripts.models.processing.jobs import ProcessingJob
from transcripts.models.providers import ProviderAccount
from transcripts.models.recordings import Recording, Upload
from transcripts.models.transitions import StatusQuerySet


class ChunkQuerySet(StatusQuerySet["Chunk"]):
    """Chunks."""

    transitions = CHUNK_TRANSITIONS


class Chunk(models.Model):
    """A slice of a recording sent as one submission, and the provider's answer word for word.

    The intent (`sending` with a `request_key`) is committed before the request, the `processing_id` right after.
    `layout` says which audio track is where in what was sent, if there are several (`MediaFile.layout` at that time).
    `resends` counts uploads made although an earlier one may have been taken. The first `overlap_ms` are in the slice
    before as well. One of several that failed permanently says why; the job ends when all are answered or failed.
    `key` is what its audio and options have in common with those to which the answer would be the same
    (`services/pipeline/reuse/keys.py`); empty if that isn't known. The answer of one that `is_reused` is that of
    `reused_from`, None once that is deleted; nothing was sent.
    """

    job = models.ForeignKey(ProcessingJob, on_delete=models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField(default=0)
    start_ms = models.PositiveBigIntegerField(default=0)
    end_ms = models.PositiveBigIntegerField()
    overlap_ms = models.PositiveIntegerField(default=0, db_default=0)
    error_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    error_message = models.CharField(max_length=500, blank=True, default="", db_default="")
    status = models.CharField(max_length=10, choices=ChunkStatus, default=ChunkStatus.PENDING)
    request_key = models.UUIDField(default=uuid.uuid4)
    resends = models.PositiveSmallIntegerField(default=0)
    processing_id = models.CharField(max_length=200, blank=True)
    layout = models.JSONField(default=list, blank=True)
    answer = models.BinaryField(null=True, blank=True)
    key = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    is_reused = models.BooleanField(default=False, db_default=False)
    reused_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["job", "index"], name="one_chunk_an_index"),
            models.CheckConstraint(condition=models.Q(end_ms__gte=models.F("start_ms")), name="chunk_times_in_order"),
            models.CheckConstraint(condition=models.Q(status__in=ChunkStatus.values), name="chunk_known_status"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Answers to the same audio and options
            models.Index(fields=["key"], name="chunk_keys", condition=~models.Q(key="")),
        ]

    def __str__(self) -> str:
        return f"Chunk {self.index} of job {self.job_id}"

    @property
    def has_words(self) -> bool:
        """Whether its answer is a transcription: a provider also answers that it failed."""
        return self.status == ChunkStatus.ANSWERED and not self.error_code


class ProviderCall(models.Model):
    """One request to a provider. Status requests that only say "still processing" are not kept one by one."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="calls")
    job = models.ForeignKey(ProcessingJob, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls")
    endpoint = models.CharField(max_length=20)
    request_key = models.UUIDField(default=uuid.uuid4)
    started_at = models.DateTimeField()
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    bytes_sent = models.PositiveBigIntegerField(default=0)
    audio_ms = models.PositiveBigIntegerField(default=0)
    processing_id = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, choices=CallOutcome, default=CallOutcome.SENDING)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # The limiter's ledger: answers of the last minute
            models.Index(fields=["account", "endpoint", "-started_at"], name="ledger"),
            # The console: newest first
            models.Index(fields=["-started_at"], name="newest_calls"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} at {self.started_at:%Y-%m-%d %H:%M:%S}: {self.get_outcome_display()}"


class ImportedFile(models.Model):
    """A transcript that someone already had, as a file; it is stored word for word.

    Until its media is uploaded it belongs to an `upload` or, before that, to none. Without a `transcript` it waits:
    the next job of its recording writes it. `has_times` says whether the file tells when anything was spoken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.CASCADE, related_name="imported_files"
    )
    upload = models.OneToOneField(Upload, null=True, blank=True, on_delete=models.CASCADE, related_name="imported_file")
    transcript = models.OneToOneField(
        "transcripts.Transcript", null=True, blank=True, on_delete=models.CASCADE, related_name="imported_file"
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    filename = models.CharField(max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    has_times = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recording"], condition=models.Q(transcript__isnull=True), name="one_waiting_import_a_recording"
            ),
        ]

    def __str__(self) -> str:
        return self.filename
