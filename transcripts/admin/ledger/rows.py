"""Charges, budgets and the accuracy ledger in the console.

A budget is set through the service that lets waiting work continue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.models import Budget, Charge, CorrectedWord, Measurement, SpeakerMeasurement
from transcripts.services.costs import budgets, charges

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from accounts.models import User


@admin.register(Charge)
class ChargeAdmin(ReadOnlyAdmin[Charge]):
    """What uploads and live sessions cost."""

    list_display = ("at", "team_name", "account", "kind", "minutes", "cost")
    list_filter = ("kind", "account")
    search_fields = ("team_name",)
    ordering = ("-at",)
    list_select_related = ("account",)

    @admin.display(description="minutes")
    def minutes(self, charge: Charge) -> str:
        """The audio in minutes."""
        return f"{charge.audio_ms / charges.MINUTE_MS:.1f}"

    @admin.display(description="cost", ordering="micros")
    def cost(self, charge: Charge) -> str:
        """The cost with its currency."""
        return charges.in_words(charge.micros)


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin[Budget]):
    """What teams can spend in a month. Deleting a budget lets a team spend what it likes."""

    list_display = ("team", "amount", "warned_percent", "warned_month")
    search_fields = ("team__name", "team__slug")
    autocomplete_fields = ("team",)
    list_select_related = ("team",)
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Budget | None = None) -> tuple[str, ...]:
        """A budget stays with its team."""
        return ("team",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Budget, form: Any, change: Any) -> None:
        """Set the budget; what waited and fits continues immediately."""
        budgets.change(obj.team, obj.amount, actor=cast("User", request.user))
        obj.pk = Budget.objects.values_list("pk", flat=True).get(team=obj.team)

    def delete_model(self, request: HttpRequest, obj: Budget) -> None:
        """Take the budget away; what waited continues immediately."""
        budgets.change(obj.team, None, actor=cast("User", request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Budget]) -> None:
        """Take several away."""
        for budget in queryset.select_related("team"):
            self.delete_model(request, budget)


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin[Measurement]):
    """How right the machine's text of approved transcripts was."""

    list_display = ("transcript", "approved_at", "words", "substitutions", "deletions", "insertions")
    search_fields = ("transcript__recording__title",)
    ordering = ("-approved_at",)
    list_select_related = ("transcript__recording",)


@admin.register(SpeakerMeasurement)
class SpeakerMeasurementAdmin(ReadOnlyAdmin[SpeakerMeasurement]):
    """The same by speaker."""

    list_display = ("label", "measurement", "words", "substitutions", "deletions", "insertions")
    search_fields = ("label",)


@admin.register(CorrectedWord)
class CorrectedWordAdmin(ReadOnlyAdmin[CorrectedWord]):
    """Words that people replaced."""

    list_display = ("was", "became", "count")
    search_fields = ("was", "became")
    ordering = ("-count",)
