"""Jobs, steps, chunks, calls and leases in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import Chunk, ImportedFile, Lease, ProcessingJob, ProviderCall, Step
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs

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

    list_display = ("recording", "status", "stage", "progress", "error_code", "account", "created_at", "finished_at")
    list_filter = ("status", "stage", "error_code", "account")
    search_fields = ("recording__title", "recording__id", "id", "error_message")
    date_hierarchy = "created_at"
    list_select_related = ("recording", "account")
    inlines = (StepInline,)
    actions = ("cancel", "retry")

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
class StepAdmin(ReadOnlyAdmin[Step]):
    """Steps: what is due, running or stuck."""

    list_display = ("job", "kind", "status", "due_at", "attempts", "kills", "lease_until", "last_error")
    list_filter = ("status", "kind", "kills")
    search_fields = ("job__id", "job__recording__title", "last_error")
    list_select_related = ("job",)


@admin.register(Chunk)
class ChunkAdmin(ReadOnlyAdmin[Chunk]):
    """What was sent and what came back. The answer itself is on the recording's page, for editors."""

    list_display = ("job", "index", "status", "processing_id", "resends", "sent_at", "answered_at")
    list_filter = ("status", "resends")
    search_fields = ("processing_id", "job__id", "job__recording__title")
    exclude = ("answer",)
    list_select_related = ("job",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chunk]:
        """Leave the answers where they are: a page of them may be gigabytes."""
        return super().get_queryset(request).defer("answer")


@admin.register(ProviderCall)
class CallAdmin(ReadOnlyAdmin[ProviderCall]):
    """Requests to providers."""

    list_display = (
        "started_at",
        "account",
        "endpoint",
        "outcome",
        "status_code",
        "latency_ms",
        "bytes_sent",
        "audio_ms",
    )
    list_filter = ("outcome", "endpoint", "account", "status_code")
    search_fields = ("processing_id", "request_key", "job__id", "message")
    date_hierarchy = "started_at"
    list_select_related = ("account",)


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin[Lease]):
    """Which process is the conductor."""

    list_display = ("name", "owner", "until")
    list_filter = ("name",)
    search_fields = ("name", "owner")


@admin.register(ImportedFile)
class ImportedFileAdmin(ReadOnlyAdmin[ImportedFile]):
    """Transcripts that people brought along, without their text."""

    list_display = ("filename", "recording", "requested_by", "has_times", "transcript", "created_at")
    list_filter = ("has_times",)
    search_fields = ("filename", "recording__title", "requested_by__email")
    list_select_related = ("recording", "requested_by", "transcript__recording")
    exclude = ("content",)
