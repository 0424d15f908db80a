"""Whom recordings are shared with, in the console."""

from __future__ import annotations

from django.contrib import admin

from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin
from transcripts.models import FolderLink, Grant, Share, ShareOpening


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin[Grant]):
    """People and teams that recordings are shared with, revoked and expired ones too."""

    ordering = ("-created_at", "-pk")
    list_display = ("target", "user", "team", "level", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("level",)
    search_fields = ("recording__title", "folder__name", "user__email", "team__name")
    list_select_related = ("recording", "folder", "user", "team", "created_by")


@admin.register(Share)
class ShareAdmin(ReadOnlyAdmin[Share]):
    """Links for guests, without their tokens and passwords."""

    ordering = ("-created_at", "-pk")
    list_display = ("recording", "level", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("level",)
    search_fields = ("recording__title", "recording__id", "created_by__email")
    exclude = ("token", "password")
    list_select_related = ("recording", "created_by")


@admin.register(FolderLink)
class FolderLinkAdmin(ReadOnlyAdmin[FolderLink]):
    """Links for guests to folders, without their tokens and passwords."""

    ordering = ("-created_at", "-pk")
    list_display = ("folder", "level", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("level",)
    search_fields = ("folder__name", "created_by__email")
    exclude = ("token", "password")
    list_select_related = ("folder", "created_by")


@admin.register(ShareOpening)
class ShareOpeningAdmin(InternalAdmin[ShareOpening]):
    """When links were opened."""

    ordering = ("-opened_at", "-pk")
    list_display = ("share", "guest_name", "browser", "opened_at")
    search_fields = ("share__recording__title", "guest_name")
    list_select_related = ("share",)
