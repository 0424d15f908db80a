"""What people were told of, in the console."""

from __future__ import annotations

from django.contrib import admin

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin[Notification]):
    """Notifications of people, read ones too."""

    ordering = ("-pk",)
    list_display = ("user", "kind", "recording", "created_at", "read_at", "digest")
    list_filter = ("kind", "digest")
    search_fields = ("user__email", "recording__title")
    list_select_related = ("user", "recording")
