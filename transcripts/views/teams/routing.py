"""The providers of a team: which takes what, and whether its audio stays on this instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.selectors import routing as selector
from transcripts.services.teams import routing
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_routing(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the rules of a team, or add one."""
    if request.method != "POST":
        return render(request, "pages/team_routing.html", {"page": selector.of_team(request.user, slug)})
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    said = {name: request.POST.get(name, "")[:35] for name in ("language", "media")}
    with shown_on_page(request):
        routing.add(team, request.POST.get("account", ""), **said, actor=request.user)
        messages.success(request, "Added the rule.")
    return redirect("team_routing", slug)


@require_POST
@login_required
def team_route(request: SignedInRequest, slug: str, route_id: int) -> HttpResponse:
    """Move a rule up or down, or remove it."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        if "remove" in request.POST:
            routing.remove(team, route_id, actor=request.user)
            messages.success(request, "Removed the rule.")
        else:
            routing.shift(team, route_id, 1 if "down" in request.POST else -1, actor=request.user)
    return redirect("team_routing", slug)


@require_POST
@login_required
def team_audio(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say whether the team's audio stays on this instance."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    routing.keep_audio(team, keeps="keeps_audio" in request.POST, actor=request.user)
    messages.success(request, "Saved.")
    return redirect("team_routing", slug)
