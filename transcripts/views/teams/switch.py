"""Switching the team that a person works in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import preferences
from transcripts import access

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def team_switch(request: SignedInRequest, slug: str) -> HttpResponse:
    """Work in another team from now on, beginning with its recordings."""
    team = access.get_team(request.user, slug)
    preferences.change(request.user, {"team": team.slug})
    return redirect("library")
