"""Jobs, steps, chunks, calls and leases in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages

from transcripts import clock
from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin, length_of, size_of
from transcripts.admin.filters import CauseFilter, EndpointFilter, ErrorFilter, JobTeamFilter
from transcripts.models import Alignment, Chunk, ImportedFile, Lease, ProcessingJob, ProviderCall, Step
from transcripts.models.choices import JobStatus
from transcripts.selectors import reused
from transcripts.selectors.operations.day import cause_in_words
from transcripts.selectors.operations.why import why
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.templatetags.verbatim import lasting

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class StepInline(admin.TabularInline[Step, ProcessingJob]):
    """The steps of a job."""

    model = Step
    extra = 0
    can_delete = False
    fields = ("kind", "status", "due_at", "attempts", "kills", "fence", "lease_until", "last_error")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Steps follow from one another."""
        return False


@admin.register(ProcessingJob)
class JobAdmin(ReadOnlyAdmin[ProcessingJob]):
    """Jobs, with their steps and the actions to cancel or retry them."""

    ordering = ("-created_at", "-pk")
    list_display = ("recording", "team", "status", "stage", "details", "account", "created_at", "took")
    list_filter = ("status", "stage", CauseFilter, "account", "created_at")
    search_fields = ("recording__title", "recording__id__exact", "id__exact")
    list_select_related = ("recording__team", "account")
    fieldsets = (
        (None, {"fields": ("recording", "why_not", "status", "stage", "progress", "error_code", "error_message")}),
        (
            "Request",
            {
                "fields": (
                    "account",
                    "moved_because",
                    "language",
                    "speakers",
                    "requested_by",
                    "base_transcript",
                    "compares",
                    "answer",
                )
            },
        ),
        ("Times", {"fields": ("created_at", "started_at", "finished_at", "left_at")}),
    )
    readonly_fields = ("why_not", "answer")
    inlines = (StepInline,)
    actions = ("cancel", "retry")

    @admin.display(description="team", ordering="recording__team__name")
    def team(self, job: ProcessingJob) -> str:
        """Name the team of the recording."""
        return job.recording.team.name

    @admin.display(description="details")
    def details(self, job: ProcessingJob) -> str:
        """Say what went wrong, or how far it is."""
        if job.status == JobStatus.FAILED:
            return job.error_message or cause_in_words(job.error_code)
        return f"{job.progress} %" if job.is_active and job.progress is not None else "–"

    @admin.display(description="took")
    def took(self, job: ProcessingJob) -> str:
        """Say how long it took, or has taken."""
        return lasting(job.created_at, job.finished_at or clock.now())

    @admin.display(description="why is it not done?")
    def why_not(self, job: ProcessingJob) -> str:
        """Say what the recording does or waits for."""
        return " ".join(why(job.recording))

    @admin.display(description="answer", empty_value="–")
    def answer(self, job: ProcessingJob) -> str | None:
        """Say if it is that to the same audio of another recording."""
        return reused.sentence(job) or None

    @admin.action(description="Cancel selected jobs")
    def cancel(self, request: HttpRequest, chosen: QuerySet[ProcessingJob]) -> None:
        """Cancel what is still active."""
        done = sum(jobs.cancel(job, actor=request.user) for job in chosen)  # type: ignore[arg-type]
        messages.success(request, f"Cancelled {done} {'job' if done == 1 else 'jobs'}.")

    @admin.action(description="Retry the recordings of selected jobs")
    def retry(self, request: HttpRequest, chosen: QuerySet[ProcessingJob]) -> None:
        """Retry, keeping finished work."""
        for job in chosen.select_related("recording"):
            try:
                jobs.retry(job.recording, actor=request.user)  # type: ignore[arg-type]
            except Refused as refusal:
                messages.warning(request, f"{job.recording}: {refusal}")


@admin.register(Step)
class StepAdmin(InternalAdmin[Step]):
    """Steps: what is due, running or stuck."""

    ordering = ("-pk",)
    list_display = ("job", "kind", "status", "due_at", "attempts", "kills", "lease_until", "last_error")
    list_filter = ("status", "kind", "job__account")
    search_fields = ("job__id__exact", "job__recording__title")
    list_select_related = ("job__recording",)


@admin.register(Chunk)
class ChunkAdmin(InternalAdmin[Chunk]):
    """What was sent and what came back. The answer itself is on the recording's page, for editors."""

    ordering = ("-pk",)
    list_display = ("job", "index", "status", "is_reused", "processing_id", "resends", "sent_at", "answered_at")
    list_filter = ("status",)
    search_fields = ("=processing_id", "job__id__exact", "job__recording__title")
    exclude = ("answer",)
    list_select_related = ("job",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chunk]:
        """Leave the answers where they are: a page of them may be gigabytes."""
        return super().get_queryset(request).defer("answer")


@admin.register(ProviderCall)
class CallAdmin(ReadOnlyAdmin[ProviderCall]):
    """Requests to providers."""

    ordering = ("-started_at", "-pk")
    list_display = (
        "started_at",
        "account",
        "endpoint",
        "outcome",
        "status_code",
        "message",
        "latency_ms",
        size_of("bytes_sent", "sent"),
        length_of("audio_ms", "audio"),
    )
    list_filter = ("outcome", ErrorFilter, EndpointFilter, JobTeamFilter, "account", "started_at")
    search_fields = ("=processing_id", "request_key__exact", "job__id__exact")
    list_select_related = ("account",)


@admin.register(Alignment)
class AlignmentAdmin(ReadOnlyAdmin[Alignment]):
    """Words whose times an engine was asked for, without the words."""

    ordering = ("-asked_at", "-pk")
    list_display = ("job", "account", "language", "word_count", "reason", "asked_at", "sent_at", "ended_at")
    list_filter = ("account",)
    search_fields = ("=processing_id", "job__id__exact", "job__recording__title")
    exclude = ("words", "times")
    list_select_related = ("job__recording", "account")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alignment]:
        """Leave the words and their times where they are."""
        return super().get_queryset(request).defer("words", "times")


@admin.register(Lease)
class LeaseAdmin(InternalAdmin[Lease]):
    """Which process is the conductor."""

    list_display = ("name", "owner", "until")
    list_filter = ("name",)
    search_fields = ("name", "owner")


@admin.register(ImportedFile)
class ImportedFileAdmin(ReadOnlyAdmin[ImportedFile]):
    """Transcripts that people brought along, without their text."""

    ordering = ("-created_at", "-pk")
    list_display = ("filename", "recording", "requested_by", "has_times", "transcript", "created_at")
    list_filter = ("has_times",)
    search_fields = ("filename", "recording__title", "requested_by__email")
    list_select_related = ("recording", "requested_by", "transcript__recording")
    exclude = ("content",)
