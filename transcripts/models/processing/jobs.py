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
    JOB_TRANSITIONS,
    STEP_TRANSITIONS,
    JobStatus,
    Stage,
    StepKind,
    StepStatus,
    WaitsFor,
)
from transcripts.models.providers import ProviderAccount, Wished
from transcripts.models.recordings import Recording
from transcripts.models.transitions import StatusQuerySet


class JobQuerySet(StatusQuerySet["ProcessingJob"]):
    """Jobs."""

    transitions = JOB_TRANSITIONS


class ProcessingJob(Wished):
    """The processing of a recording into a transcript; queued → running → succeeded / failed / cancelled.

    `stage` and `progress` (percent of the stage, None if it can't be known) are information for people; what
    is to be done next is told by the steps. A job with a `base_transcript` re-transcribes: its result is merged with
    what people wrote there. The text of one that `compares` is kept beside that transcript (`Comparison`), and is none
    of the recording's until a person uses it. `speakers` is how many voices the person who asked for it counts, None to
    detect that; of this and other wishes only what the provider can meet is stored. `is_account_chosen` if a person
    named the account: it waits for that one then. Any other job may be moved until it is sent; `moved_because` says why
    it was. One that a person put first `is_next`, before what its team brought within a day before it.
    An operator who left a failed job as it is did so at `left_at`; the console's first page no longer shows it.
    `request_id` is that of the request that began it, by which the log has all that was done for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="jobs")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="jobs")
    is_account_chosen = models.BooleanField(default=False, db_default=False)
    is_next = models.BooleanField(default=False, db_default=False)
    moved_because = models.CharField(max_length=300, blank=True, default="", db_default="")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    base_transcript = models.ForeignKey(
        "transcripts.Transcript", null=True, blank=True, on_delete=models.SET_NULL, related_name="retranscriptions"
    )
    compares = models.ForeignKey(
        "transcripts.Transcript", null=True, blank=True, on_delete=models.CASCADE, related_name="comparing_jobs"
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
