"""Signing keys in the console."""

from __future__ import annotations

from django.contrib import admin

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import SigningKey


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin[SigningKey]):
    """The keys that certificates are signed with. What is secret is not shown, also not encrypted."""

    ordering = ("-created_at", "-pk")
    list_display = ("public", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("public",)
    exclude = ("secret",)
