"""Recordings, uploads, transcripts and history in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import (
    Activity,
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

    list_display = ("title", "team", "owner", "language", "duration_ms", "created_at", "deleted_at", "deleted_by")
    list_filter = (
        "language",
        ("deleted_at", admin.EmptyFieldListFilter),
        ("media_files__missing_since", admin.EmptyFieldListFilter),
        "has_video",
    )
    search_fields = ("title", "filename", "id", "owner__email", "team__slug")
    date_hierarchy = "created_at"
    list_select_related = ("team", "owner", "deleted_by")
    inlines = (MediaFileInline,)
    actions = ("restore", "purge")

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
class MediaFileAdmin(ReadOnlyAdmin[MediaFile]):
    """Stored files."""

    list_display = ("recording", "kind", "content_type", "bytes", "created_at")
    list_filter = ("kind", "content_type")
    search_fields = ("recording__title", "recording__id", "sha256", "storage_name")
    list_select_related = ("recording",)


@admin.register(PurgedRecording)
class PurgedRecordingAdmin(ReadOnlyAdmin[PurgedRecording]):
    """Recordings that were deleted permanently."""

    list_display = ("recording_id", "purged_at")
    search_fields = ("recording_id",)


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin[Upload]):
    """Uploads, finished and not."""

    list_display = ("filename", "owner", "team", "status", "offset", "length", "expires_at")
    list_filter = ("status",)
    search_fields = ("filename", "id", "owner__email")
    list_select_related = ("owner", "team")


@admin.register(Transcript)
class TranscriptAdmin(ReadOnlyAdmin[Transcript]):
    """Transcripts: what they are, not what they say."""

    list_display = ("recording", "status", "language", "engine", "word_count", "created_at")
    list_filter = ("status", "language", "provider", "is_draft_engine")
    search_fields = ("recording__title", "id")
    date_hierarchy = "created_at"
    list_select_related = ("recording",)


@admin.register(Speaker)
class SpeakerAdmin(ReadOnlyAdmin[Speaker]):
    """Speakers."""

    list_display = ("label", "transcript", "position", "provider_label")
    search_fields = ("label", "transcript__id")
    list_select_related = ("transcript__recording",)


@admin.register(Segment)
class SegmentAdmin(ReadOnlyAdmin[Segment]):
    """Segments, without their text: the console shows how things are, not what people said."""

    list_display = ("transcript", "position", "start_ms", "end_ms", "origin", "revision")
    list_filter = ("origin",)
    search_fields = ("transcript__id",)
    exclude = ("text", "words", "machine")
    list_select_related = ("transcript__recording",)


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin[Activity]):
    """What anyone did."""

    list_display = ("created_at", "verb", "actor", "recording", "team", "is_automatic")
    list_filter = ("verb", "is_automatic")
    search_fields = ("recording__title", "recording__id", "actor__email", "verb")
    date_hierarchy = "created_at"
    list_select_related = ("actor", "recording", "team")


@admin.register(Edit)
class EditAdmin(ReadOnlyAdmin[Edit]):
    """Changes of transcripts: who and when, without the text."""

    list_display = ("created_at", "author", "transcript", "number", "kind", "direction")
    list_filter = ("kind", "direction")
    search_fields = ("transcript__id", "author__email")
    exclude = ("operations", "speakers")
    list_select_related = ("author", "transcript__recording")


@admin.register(EditedSegment)
class EditedSegmentAdmin(ReadOnlyAdmin[EditedSegment]):
    """Which segments edits changed, without the text."""

    list_display = ("edit", "segment")
    search_fields = ("edit__transcript__id",)
    exclude = ("before", "after")
    list_select_related = ("edit", "segment")


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin[Version]):
    """Names that people gave to transcripts as they were."""

    list_display = ("name", "transcript", "number", "author", "created_at")
    search_fields = ("name", "transcript__id")
    list_select_related = ("transcript__recording", "author")


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin[Reading]):
    """Where people stopped in transcripts."""

    list_display = ("user", "transcript", "position_ms", "seen_change", "updated_at")
    search_fields = ("user__email", "transcript__id")
    list_select_related = ("user", "transcript__recording")


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyAdmin[Conflict]):
    """Places where two people, or a person and a re-transcription, wrote different words, without the text."""

    list_display = ("segment", "start_ms", "end_ms", "took_offer", "author", "resolved_at")
    list_filter = ("took_offer",)
    search_fields = ("segment__transcript__id", "author__email")
    exclude = ("kept", "offered")
    list_select_related = ("segment", "author")
