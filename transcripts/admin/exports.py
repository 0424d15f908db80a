"""Exports and acts on many recordings in the console."""

from __future__ import annotations

from django.contrib import admin

from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin, size_of
from transcripts.models import AccountExport, BulkAct, BulkItem, DocumentTemplate, Export, ExportChoice


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin[Export]):
    """Files that workers write."""

    ordering = ("-created_at", "-pk")
    list_display = (
        "filename",
        "requested_by",
        "team",
        "format",
        "status",
        size_of("bytes", "size"),
        "created_at",
        "expires_at",
    )
    list_filter = ("status", "format")
    search_fields = ("id", "requested_by__email", "filename")
    list_select_related = ("requested_by", "team")


@admin.register(ExportChoice)
class ExportChoiceAdmin(InternalAdmin[ExportChoice]):
    """The options that teams used last."""

    ordering = ("-used_at", "-pk")
    list_display = ("team", "format", "used_at")
    list_filter = ("format",)
    search_fields = ("team__name", "team__slug")
    list_select_related = ("team",)


@admin.register(DocumentTemplate)
class DocumentTemplateAdmin(ReadOnlyAdmin[DocumentTemplate]):
    """The Word templates of teams; one without a team is removed by housekeeping."""

    ordering = ("-created_at", "-pk")
    list_display = ("filename", "team", "bytes", "uploaded_by", "created_at")
    search_fields = ("filename", "team__name", "team__slug")
    list_select_related = ("team", "uploaded_by")


@admin.register(AccountExport)
class AccountExportAdmin(ReadOnlyAdmin[AccountExport]):
    """People's own data as files."""

    ordering = ("-created_at", "-pk")
    list_display = ("user", "status", "attempts", "bytes", "created_at", "expires_at")
    list_filter = ("status",)
    search_fields = ("id", "user__email")
    list_select_related = ("user",)


@admin.register(BulkAct)
class BulkActAdmin(ReadOnlyAdmin[BulkAct]):
    """What people did to many recordings."""

    ordering = ("-created_at", "-pk")
    list_display = ("verb", "actor", "team", "total", "status", "is_undo", "kills", "created_at", "finished_at")
    list_filter = ("status", "verb", "is_undo")
    search_fields = ("id", "actor__email", "team__name")
    list_select_related = ("actor", "team")


@admin.register(BulkItem)
class BulkItemAdmin(InternalAdmin[BulkItem]):
    """What became of each of these recordings."""

    ordering = ("-pk",)
    list_display = ("title", "act", "outcome", "undo_outcome", "message")
    list_filter = ("outcome", "undo_outcome")
    search_fields = ("act__id", "title")
    list_select_related = ("act",)
