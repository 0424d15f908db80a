"""Live sessions in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages

from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin
from transcripts.models import LiveSession, Marker
from transcripts.services.live import lifecycle

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(LiveSession)
class LiveSessionAdmin(ReadOnlyAdmin[LiveSession]):
    """Live sessions and their status."""

    ordering = ("-created_at", "-pk")
    list_display = ("recording", "owner", "status", "frames", "is_whole", "seen_at", "finished_at")
    list_filter = ("status", "is_whole", "account")
    search_fields = ("recording__title", "id__exact", "owner__email")
    list_select_related = ("recording", "owner")
    actions = ("finish",)

    @admin.action(description="End selected sessions and keep the recordings")
    def finish(self, request: HttpRequest, chosen: QuerySet[LiveSession]) -> None:
        """End those that are open."""
        count = sum(lifecycle.finish(session) for session in chosen)
        messages.success(request, f"Ended {count} {'session' if count == 1 else 'sessions'}.")


@admin.register(Marker)
class MarkerAdmin(InternalAdmin[Marker]):
    """Marked moments, without their notes."""

    ordering = ("-created_at", "-pk")
    list_display = ("recording", "at_ms", "kind", "author", "created_at", "removed_at")
    list_filter = ("kind",)
    search_fields = ("recording__title", "recording__id", "author__email")
    exclude = ("note",)
    list_select_related = ("recording", "author")
