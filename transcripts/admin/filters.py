"""Filters of the console's lists whose choices are known, so that no list is read as a whole to find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from accounts.models import Team
from transcripts.selectors.operations.calls import CLASSES, of_class
from transcripts.selectors.operations.day import codes_of_causes
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
    """Why a job failed, in words; one that several codes share is one choice, whose value names all of them."""

    title = "cause"
    parameter_name = "error_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer all causes by their words."""
        return [(",".join(codes), words) for words, codes in sorted(codes_of_causes().items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the jobs that failed for any of these codes."""
        value = self.value()
        return queryset.filter(error_code__in=value.split(",")) if value else queryset


class ErrorFilter(KnownFilter):
    """How a call failed, by the classes that the first page counts."""

    title = "error"
    parameter_name = "error"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer all classes."""
        return [(words, words.capitalize()) for words in CLASSES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the calls of the class."""
        value = self.value()
        return queryset.filter(of_class(value)) if value else queryset


class TeamFilter(admin.SimpleListFilter):
    """The team that another page named; there are too many to offer them. `path` leads from the rows to the team."""

    title = "team"
    parameter_name = "team"
    path = "recording__team"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the team that was named, and no other."""
        value = request.GET.get(self.parameter_name, "")
        team = Team.objects.filter(pk=int(value)).first() if value.isdecimal() else None
        return [(value, team.name)] if team else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave the rows of the team."""
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class JobTeamFilter(TeamFilter):
    """The team whose recording a row's job is about."""

    path = "job__recording__team"


class EndpointFilter(KnownFilter):
    """What a provider was asked."""

    title = "request"
    parameter_name = "endpoint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer uploads, status checks and alignments."""
        return [("upload", "Upload"), ("status", "Status check"), ("align", "Alignment")]


class VerbFilter(KnownFilter):
    """What someone did."""

    title = "what was done"
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer all verbs by their words."""
        return sorted(
            ((verb, words.rstrip(":,").capitalize()) for verb, (words, _) in WORDS.items()), key=lambda one: one[1]
        )
