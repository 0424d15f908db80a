"""The log of a team, as a page and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts.selectors.teams import activity

if TYPE_CHECKING:
    from transcripts.views.requests import SignedInRequest

DIGITS = 15


@require_safe
@login_required
def team_activity(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show who did what, to those who manage the team."""
    page = activity.page_of(request.user, slug, _filters(request))
    return render(request, "pages/team_activity.html", {"page": page})


@require_safe
@login_required
def team_activity_csv(request: SignedInRequest, slug: str) -> HttpResponse:
    """Send the same as a table."""
    table = activity.table_of(request.user, slug, _filters(request))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="activity-{slug}.csv"'
    return response


def _filters(request: SignedInRequest) -> activity.Filters:
    asked = request.GET
    return activity.Filters(_number(asked.get("person", "")), asked.get("kind", ""), _number(asked.get("before", "")))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
