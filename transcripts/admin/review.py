"""Who reviews what, and comments, in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin
from transcripts.models import AcceptedFault, Assignment, Claim, Comment, CommentPart, Comparison, Mention

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin[Assignment]):
    """Assigned reviews."""

    ordering = ("-assigned_at", "-pk")
    list_display = ("transcript", "assignee", "due_on", "assigned_by", "assigned_at")
    search_fields = ("transcript__id", "transcript__recording__title", "assignee__email")
    date_hierarchy = "due_on"
    list_select_related = ("transcript__recording", "assignee", "assigned_by")


@admin.register(Claim)
class ClaimAdmin(InternalAdmin[Claim]):
    """Claimed stretches of transcripts, expired ones too."""

    ordering = ("-claimed_at", "-pk")
    list_display = ("transcript", "holder", "claimed_at", "expires_at")
    search_fields = ("transcript__id", "holder__email")
    list_select_related = ("transcript__recording", "holder")


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin[Comment]):
    """Comments on transcripts, deleted ones too."""

    ordering = ("-created_at", "-pk")
    list_display = ("transcript", "kind", "author", "created_at", "resolved_at", "removed_at")
    list_filter = ("kind",)
    search_fields = ("transcript__id", "transcript__recording__title", "author__email")
    list_select_related = ("transcript__recording", "author")


@admin.register(CommentPart)
class CommentPartAdmin(InternalAdmin[CommentPart]):
    """What comments are about in further segments."""

    ordering = ("-pk",)
    list_display = ("comment", "position", "segment")
    search_fields = ("comment__transcript__id",)
    list_select_related = ("comment", "segment")


@admin.register(Mention)
class MentionAdmin(InternalAdmin[Mention]):
    """Members whom comments name."""

    ordering = ("-pk",)
    list_display = ("user", "comment")
    search_fields = ("user__email",)
    list_select_related = ("user", "comment")


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin[Comparison]):
    """Other providers' texts beside transcripts, without the texts."""

    ordering = ("-created_at", "-pk")
    list_display = ("transcript", "provider", "engine", "word_count", "created_by", "created_at")
    search_fields = ("transcript__id__exact", "transcript__recording__title", "job__id__exact")
    list_select_related = ("transcript__recording", "created_by")
    exclude = ("segments",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comparison]:
        """Leave the texts where they are."""
        return super().get_queryset(request).defer("segments")


@admin.register(AcceptedFault)
class AcceptedFaultAdmin(InternalAdmin[AcceptedFault]):
    """Faults of subtitles that people accepted."""

    ordering = ("-accepted_at", "-pk")
    list_display = ("transcript", "profile", "kind", "accepted_by", "accepted_at")
    search_fields = ("transcript__id", "accepted_by__email")
    list_select_related = ("transcript__recording", "accepted_by")
