"""The vocabularies of teams in the console."""

from __future__ import annotations

from django.contrib import admin

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import Term, Vocabulary


@admin.register(Vocabulary)
class VocabularyAdmin(ReadOnlyAdmin[Vocabulary]):
    """Which teams have a vocabulary."""

    ordering = ("-created_at", "-pk")
    list_display = ("team", "created_at")
    search_fields = ("team__name", "team__slug")
    list_select_related = ("team",)


@admin.register(Term)
class TermAdmin(ReadOnlyAdmin[Term]):
    """The terms of all teams."""

    ordering = ("-created_at", "-pk")
    list_display = ("term", "vocabulary", "added_by", "created_at")
    search_fields = ("term", "vocabulary__team__name")
    list_select_related = ("vocabulary__team", "added_by")
