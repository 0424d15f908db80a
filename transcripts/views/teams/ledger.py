"""What a team's work cost and how right it was, as tables and pages for those who manage the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from transcripts import access
from transcripts.selectors.costs import usage

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
