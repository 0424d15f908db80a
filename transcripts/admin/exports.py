"""Exports in the console."""

from __future__ import annotations

from django.contrib import admin

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import AccountExport, DocumentTemplate, Export, ExportChoice


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin[Export]):
    """Files that workers write."""

    list_display = ("filename", "requested_by", "team", "format", "status", "bytes", "created_at", "expires_at")
    list_filter = ("status", "format")
    search_fields = ("id", "requested_by__email", "filename")
    list_select_related = ("requested_by", "team")


@admin.register(ExportChoice)
class ExportChoiceAdmin(ReadOnlyAdmin[ExportChoice]):
    """The options that teams used last."""

    list_display = ("team", "format", "used_at")
    list_filter = ("format",)
    search_fields = ("team__name", "team__slug")
    list_select_related = ("team",)


@admin.register(DocumentTemplate)
class DocumentTemplateAdmin(ReadOnlyAdmin[DocumentTemplate]):
    """The Word templates of teams; one without a team is removed by housekeeping."""

    list_display = ("filename", "team", "bytes", "uploaded_by", "created_at")
    search_fields = ("filename", "team__name", "team__slug")
    list_select_related = ("team", "uploaded_by")


@admin.register(AccountExport)
class AccountExportAdmin(ReadOnlyAdmin[AccountExport]):
    """People's own data as files."""

    list_display = ("user", "status", "attempts", "bytes", "created_at", "expires_at")
    list_filter = ("status",)
    search_fields = ("id", "user__email")
    list_select_related = ("user",)
