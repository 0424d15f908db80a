"""Recordings, uploads, transcripts and history in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages

from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin, length_of, size_of
from transcripts.admin.filters import TeamFilter, VerbFilter
from transcripts.models import (
    Activity,
    Batch,
    Conflict,
    Edit,
    EditedSegment,
    MediaFile,
    PurgedRecording,
    Reading,
    Recording,
    Segment,
    Speaker,
    Transcript,
    Upload,
    Version,
)
from transcripts.models.choices import JobStatus
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class MediaFileInline(admin.TabularInline[MediaFile, Recording]):
    """The stored files of a recording."""

    model = MediaFile
    extra = 0
    can_delete = False
    fields = ("kind", "content_type", "bytes", "sha256", "storage_name", "missing_since")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Files come through uploads."""
        return False


@admin.register(Recording)
class RecordingAdmin(ReadOnlyAdmin[Recording]):
    """Recordings, those in the trash included."""

    ordering = ("-created_at", "-pk")
    list_display = (
        "title",
        "team",
        "owner",
        "status",
        length_of("duration_ms", "length"),
        "created_at",
        "deleted_at",
    )
    list_filter = (
        "created_at",
        ("deleted_at", admin.EmptyFieldListFilter),
        ("media_files__missing_since", admin.EmptyFieldListFilter),
    )
    search_fields = ("title", "filename", "id__exact")
    list_select_related = ("team", "owner", "deleted_by")
    inlines = (MediaFileInline,)
    actions = ("restore", "purge")
    # By another column, the whole table would be sorted for each page
    sortable_by = ("created_at",)

    @admin.display(description="job", ordering="job_status")
    def status(self, recording: Recording) -> str:
        """Say in a word what became of its latest job."""
        return JobStatus(recording.job_status).label if recording.job_status else "–"

    @admin.action(description="Restore from the trash")
    def restore(self, request: HttpRequest, chosen: QuerySet[Recording]) -> None:
        """Restore recordings to their teams."""
        for recording in chosen:
            trash.restore(recording, actor=request.user)  # type: ignore[arg-type]

    @admin.action(description="Delete permanently (only from the trash)")
    def purge(self, request: HttpRequest, chosen: QuerySet[Recording]) -> None:
        """Delete rows and files of those in the trash; leave the others."""
        binned = list(chosen.filter(deleted_at__isnull=False))
        for recording in binned:
            trash.purge(recording)
        messages.success(
            request, f"Permanently deleted {len(binned)} {'recording' if len(binned) == 1 else 'recordings'}."
        )


@admin.register(MediaFile)
class MediaFileAdmin(InternalAdmin[MediaFile]):
    """Stored files."""

    ordering = ("-pk",)
    list_display = ("recording", "kind", "content_type", size_of("bytes", "size"), "created_at")
    list_filter = ("kind", TeamFilter)
    search_fields = ("recording__title", "recording__id__exact", "=sha256", "=storage_name")
    list_select_related = ("recording",)


@admin.register(PurgedRecording)
class PurgedRecordingAdmin(InternalAdmin[PurgedRecording]):
    """Recordings that were deleted permanently."""

    ordering = ("-purged_at", "-pk")
    list_display = ("recording_id", "purged_at")
    search_fields = ("recording_id",)


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin[Upload]):
    """Uploads, finished and not."""

    ordering = ("-created_at", "-pk")
    list_display = (
        "filename",
        "owner",
        "team",
        "status",
        size_of("offset", "received"),
        size_of("length", "size"),
        "created_at",
    )
    list_filter = ("status",)
    search_fields = ("filename", "id__exact")
    list_select_related = ("owner", "team")


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin[Batch]):
    """Files that were uploaded together."""

    ordering = ("-created_at", "-pk")
    list_display = ("__str__", "owner", "team", "created_at")
    search_fields = ("id__exact",)
    list_select_related = ("owner", "team")


@admin.register(Transcript)
class TranscriptAdmin(ReadOnlyAdmin[Transcript]):
    """Transcripts: what they are, not what they say."""

    ordering = ("-created_at", "-pk")
    list_display = ("recording", "status", "language", "engine", "word_count", "created_at")
    list_filter = ("status", "is_draft_engine", "created_at")
    search_fields = ("recording__title", "id__exact")
    list_select_related = ("recording",)


@admin.register(Speaker)
class SpeakerAdmin(InternalAdmin[Speaker]):
    """Speakers."""

    ordering = ("-pk",)
    list_display = ("label", "transcript", "position", "provider_label")
    search_fields = ("label", "transcript__id")
    list_select_related = ("transcript__recording",)


@admin.register(Segment)
class SegmentAdmin(InternalAdmin[Segment]):
    """Segments, without their text: the console shows how things are, not what people said."""

    ordering = ("-pk",)
    list_display = ("transcript", "position", length_of("start_ms", "from"), length_of("end_ms", "to"), "origin")
    list_filter = ("origin",)
    search_fields = ("transcript__id__exact",)
    exclude = ("text", "words", "machine")
    list_select_related = ("transcript__recording",)


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin[Activity]):
    """What anyone did."""

    ordering = ("-pk",)
    list_display = ("created_at", "actor", "verb", "subject", "team", "is_automatic")
    list_filter = (VerbFilter, "is_automatic", "created_at")
    search_fields = ("subject", "recording__id__exact", "=actor__email")
    list_select_related = ("actor", "recording", "team")


@admin.register(Edit)
class EditAdmin(InternalAdmin[Edit]):
    """Changes of transcripts: who and when, without the text."""

    ordering = ("-pk",)
    list_display = ("created_at", "author", "transcript", "number", "kind", "direction")
    list_filter = ("kind", "direction")
    search_fields = ("transcript__id", "author__email")
    exclude = ("operations", "speakers")
    list_select_related = ("author", "transcript__recording")


@admin.register(EditedSegment)
class EditedSegmentAdmin(InternalAdmin[EditedSegment]):
    """Which segments edits changed, without the text."""

    ordering = ("-pk",)
    list_display = ("edit", "segment")
    search_fields = ("edit__transcript__id",)
    exclude = ("before", "after")
    list_select_related = ("edit", "segment")


@admin.register(Version)
class VersionAdmin(InternalAdmin[Version]):
    """Names that people gave to transcripts as they were."""

    ordering = ("-pk",)
    list_display = ("name", "transcript", "number", "author", "created_at")
    search_fields = ("name", "transcript__id")
    list_select_related = ("transcript__recording", "author")


@admin.register(Reading)
class ReadingAdmin(InternalAdmin[Reading]):
    """Where people stopped in transcripts."""

    ordering = ("-updated_at", "-pk")
    list_display = ("user", "transcript", "position_ms", "seen_change", "updated_at")
    search_fields = ("user__email", "transcript__id")
    list_select_related = ("user", "transcript__recording")


@admin.register(Conflict)
class ConflictAdmin(InternalAdmin[Conflict]):
    """Places where two people, or a person and a re-transcription, wrote different words, without the text."""

    ordering = ("-pk",)
    list_display = ("segment", "start_ms", "end_ms", "took_offer", "author", "resolved_at")
    list_filter = ("took_offer",)
    search_fields = ("segment__transcript__id", "author__email")
    exclude = ("kept", "offered")
    list_select_related = ("segment", "author")
