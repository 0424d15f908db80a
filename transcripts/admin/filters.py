"""Filters of the console's lists whose choices are known, so that no list is read as a whole to find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from transcripts.selectors.operations.day import cause_in_words
from transcripts.selectors.operations.failing import CAUSES
from transcripts.selectors.status import FAILURES
from transcripts.selectors.teams.activity import WORDS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class KnownFilter(admin.SimpleListFilter):
    """A filter of the column `parameter_name`."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the rows with the value that was chosen, also one that isn't offered."""
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class CauseFilter(KnownFilter):
    """Why a job failed, in words."""

    title = "cause"
    parameter_name = "error_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer all causes by their words."""
        return sorted(((code, cause_in_words(code)) for code in {**CAUSES, **FAILURES}), key=lambda one: one[1])


class EndpointFilter(KnownFilter):
    """What a provider was asked."""

    title = "request"
    parameter_name = "endpoint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer uploads and status checks."""
        return [("upload", "Upload"), ("status", "Status check")]


class VerbFilter(KnownFilter):
    """What someone did."""

    title = "what was done"
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer all verbs by their words."""
        return sorted(
            ((verb, words.rstrip(":,").capitalize()) for verb, (words, _) in WORDS.items()), key=lambda one: one[1]
        )
