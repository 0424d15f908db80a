"""Invitations to teams, who was removed from one, what teams want, their folders and tags.

Secret parts of links aren't shown.
"""

from __future__ import annotations

from django.contrib import admin

from accounts.models import Invitation, InvitationUse, Removal
from transcripts.admin.base import InternalAdmin, ReadOnlyAdmin
from transcripts.models import Folder, Route, SavedFilter, Tag, TeamDefaults


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin[Invitation]):
    """Invitations."""

    ordering = ("-created_at", "-pk")
    list_display = ("__str__", "team", "role", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("role",)
    search_fields = ("email", "label", "domain", "team__name", "team__slug")
    list_select_related = ("team", "created_by")


@admin.register(InvitationUse)
class InvitationUseAdmin(InternalAdmin[InvitationUse]):
    """Who joined by an invitation."""

    ordering = ("-at", "-pk")
    list_display = ("user", "invitation", "at")
    search_fields = ("user__email", "invitation__team__name")
    list_select_related = ("user", "invitation")


@admin.register(Removal)
class RemovalAdmin(ReadOnlyAdmin[Removal]):
    """Who was removed from a team."""

    ordering = ("-at", "-pk")
    list_display = ("user", "team", "at")
    search_fields = ("user__email", "team__name", "team__slug")
    list_select_related = ("user", "team")


@admin.register(TeamDefaults)
class TeamDefaultsAdmin(ReadOnlyAdmin[TeamDefaults]):
    """What teams want for their recordings."""

    list_display = ("team", "language", "account", "keeps_audio", "retention_days", "retention_since")
    search_fields = ("team__name", "team__slug")
    list_select_related = ("team", "account")


@admin.register(Route)
class RouteAdmin(ReadOnlyAdmin[Route]):
    """Rules of which account takes what; they are changed on the pages of teams, and on the console's “Routing”."""

    ordering = ("team", "language", "media", "order", "pk")
    list_display = ("account", "team", "language", "media", "order")
    search_fields = ("team__name", "team__slug", "account__name")
    list_select_related = ("team", "account")


@admin.register(Folder)
class FolderAdmin(ReadOnlyAdmin[Folder]):
    """Folders."""

    ordering = ("-created_at", "-pk")
    list_display = ("name", "team", "created_by", "created_at")
    search_fields = ("name", "team__name", "team__slug")
    list_select_related = ("team", "created_by")


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin[Tag]):
    """Tags."""

    ordering = ("-created_at", "-pk")
    list_display = ("name", "team", "created_at")
    search_fields = ("name", "team__name", "team__slug")
    list_select_related = ("team",)


@admin.register(SavedFilter)
class SavedFilterAdmin(InternalAdmin[SavedFilter]):
    """Filters of the library that people saved."""

    ordering = ("-created_at", "-pk")
    list_display = ("name", "user", "query", "created_at")
    search_fields = ("name", "user__email")
    list_select_related = ("user",)
