"""What a team's work cost and how right it was, as tables and pages for those who manage the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts import access
from transcripts.selectors.accuracy import ledger as accuracy
from transcripts.selectors.costs import usage
from transcripts.selectors.teams.frame import frame_of

if TYPE_CHECKING:
    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
def team_usage_csv(request: SignedInRequest, slug: str) -> HttpResponse:
    """Send what the team sent and what it cost, all months."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    response = HttpResponse(usage.as_csv(team), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="usage-{slug}.csv"'
    return response


@require_safe
@login_required
def team_accuracy(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show how right machines were in the transcripts that the team approved."""
    frame = frame_of(request.user, slug, need=access.Level.MANAGE)
    return render(request, "pages/team_accuracy.html", {"frame": frame, "ledger": accuracy.of(frame.team)})
