"""The processing of recordings: jobs, their steps, what is sent to providers and what they answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts import clock
from transcripts.models.choices import (
    ACTIVE_JOB,
    ACTIVE_STEP,
    CHUNK_TRANSITIONS,
    JOB_TRANSITIONS,
    STEP_TRANSITIONS,
    CallOutcome,
    ChunkStatus,
    JobStatus,
    Stage,
    StepKind,
    StepStatus,
    WaitsFor,
)
from transcripts.models.providers import ProviderAccount, Wished
from transcripts.models.recordings import Recording, Upload
from transcripts.models.transitions import StatusQuerySet


class JobQuerySet(StatusQuerySet["ProcessingJob"]):
    """Jobs."""

    transitions = JOB_TRANSITIONS


class ProcessingJob(Wished):
    """The processing of a recording into a transcript; queued → running → succeeded / failed / cancelled.

    `stage` and `progress` (percent of the stage, None if it can't be known) are information for people; what
    is to be done next is told by the steps. A job with a `base_transcript` re-transcribes: its result is merged with
    what people wrote there. `speakers` is how many voices the person who asked for it counts, None to detect that; of
    this and other wishes only what the provider can meet is stored. `is_account_chosen` if a person named the account:
    it waits for that one then. Any other job may be moved until it is sent; `moved_because` says why it was.
    An operator who left a failed job as it is did so at `left_at`; the console's first page no longer shows it.
    `request_id` is that of the request that began it, by which the log has all that was done for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="jobs")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="jobs")
    is_account_chosen = models.BooleanField(default=False, db_default=False)
    moved_because = models.CharField(max_length=300, blank=True, default="", db_default="")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    base_transcript = models.ForeignKey(
        "transcripts.Transcript", null=True, blank=True, on_delete=models.SET_NULL, related_name="retranscriptions"
    )
    language = models.CharField(max_length=35, blank=True)
    speakers = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.PREPARING)
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recording"],
                condition=models.Q(status__in=ACTIVE_JOB),
                name="one_active_job_a_recording",
            ),
            models.CheckConstraint(condition=models.Q(status__in=JobStatus.values), name="job_known_status"),
            models.CheckConstraint(condition=models.Q(speakers__gte=1), name="job_has_a_speaker"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The latest job of a recording, for its status in the library
            models.Index(fields=["recording", "-created_at"], name="latest_job"),
            # The console: newest first, and what ended within a day
            models.Index(fields=["-created_at"], name="newest_jobs"),
            models.Index(fields=["finished_at", "status"], name="ended_jobs"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} job of {self.recording_id}"

    @property
    def is_active(self) -> bool:
        """Whether it is queued or running."""
        return self.status in ACTIVE_JOB


class StepQuerySet(StatusQuerySet["Step"]):
    """Steps."""

    transitions = STEP_TRANSITIONS

    def bring_forward(self) -> set[int]:
        """Let those that wait for something be done now; return the accounts that they are for."""
        # In one order, for two that bring the same steps forward
        waiting = list(self.order_by("pk").select_for_update(no_key=True, of=("self",)).values("pk", "job__account"))
        now = clock.now()
        Step.objects.filter(pk__in=[step["pk"] for step in waiting], status=StepStatus.READY).update(
            due_at=now, patient_since=now, woken_at=None, waits_for="", last_error=""
        )
        return {step["job__account"] for step in waiting}


class Step(models.Model):
    """One piece of a job's work, claimed by a worker with a lease; of a recording in slices, that of a `chunk`.

    ready: to be done once `due_at` has come. running: `lease_owner` works on it until `lease_until`, renewing it.
    Each claim raises `fence`; every write of the work names the fence it was claimed with, so a worker that was
    given up cannot overwrite its successor. `attempts` counts the tries in a row that failed and were put off,
    `kills` the leases in a row that ran out; `wakes` numbers the hints sent to workers so that each has a job id of
    its own, the latest at `woken_at`, None if the step is to be woken as soon as it is due. `waits_for` says what
    `due_at` may be brought forward for; failures are waited out from `patient_since`, None for from its beginning.
    """

    job = models.ForeignKey(ProcessingJob, on_delete=models.CASCADE, related_name="steps")
    chunk = models.ForeignKey("Chunk", null=True, blank=True, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.READY)
    due_at = models.DateTimeField()
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    kills = models.PositiveSmallIntegerField(default=0)
    wakes = models.PositiveIntegerField(default=0)
    woken_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    waits_for = models.CharField(max_length=10, choices=WaitsFor, blank=True, default="", db_default="")
    patient_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["job", "kind"], condition=models.Q(chunk__isnull=True), name="one_step_a_kind"
            ),
            models.UniqueConstraint(
                fields=["chunk", "kind"], condition=models.Q(chunk__isnull=False), name="one_step_a_kind_of_slice"
            ),
            models.CheckConstraint(condition=models.Q(status__in=StepStatus.values), name="step_known_status"),
            # A running step always has an end to its lease, so nothing can hang for ever
            models.CheckConstraint(
                condition=~models.Q(status=StepStatus.RUNNING) | models.Q(lease_until__isnull=False),
                name="running_has_lease",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The conductor, each second: what is due, and whose lease ran out
            models.Index(fields=["kind", "due_at"], name="due_steps", condition=models.Q(status=StepStatus.READY)),
            models.Index(fields=["lease_until"], name="leases", condition=models.Q(status=StepStatus.RUNNING)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of job {self.job_id}: {self.get_status_display()}"

    @property
    def is_active(self) -> bool:
        """Whether this step is still to be finished."""
        return self.status in ACTIVE_STEP


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
