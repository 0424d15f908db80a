"""The first page of the console, and the parts of it that are fetched again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts.selectors import operations
from transcripts.views.operations.operators import OperatorRequest, operators_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@operators_only
def overview(request: OperatorRequest) -> HttpResponse:
    """Say whether it works, and what doesn't."""
    context = {
        **admin.site.each_context(request),
        "title": "Overview",
        "now": operations.overview(),
        "day": operations.day(),
        "stages": operations.stages(),
        "teams": operations.nearest_to_their_limits(),
    }
    return render(request, "operations/overview.html", context)


@require_safe
@operators_only
def now(request: OperatorRequest) -> HttpResponse:
    """Show only what changes by the second."""
    return render(request, "operations/_now.html", {"now": operations.overview()})


@require_safe
@operators_only
def last_day(request: OperatorRequest) -> HttpResponse:
    """Show only what changes by the minute."""
    context = {
        "day": operations.day(),
        "stages": operations.stages(),
        "teams": operations.nearest_to_their_limits(),
    }
    return render(request, "operations/_day.html", context)


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """List all tables, as Django's first page does."""
    return admin.site.admin_view(_tables)(request)


def _tables(request: HttpRequest) -> HttpResponse:
    context = {"title": "All tables", "app_list": _apps(request)}
    return admin.site.index(request, extra_context=context)


def _apps(request: HttpRequest) -> list[dict[str, Any]]:
    """Put the tables that the machine keeps for itself last, under one name."""
    found: list[dict[str, Any]] = admin.site.get_app_list(request)
    internal = [one for app in found for one in app["models"] if _is_internal(one)]
    for app in found:
        app["models"] = [one for one in app["models"] if not _is_internal(one)]
    internals = {"name": "Internals", "app_label": "internals", "app_url": "#internals", "models": internal}
    return [*(app for app in found if app["models"]), *([internals] if internal else [])]


def _is_internal(table: dict[str, Any]) -> bool:
    return bool(getattr(admin.site.get_model_admin(table["model"]), "is_internal", False))
