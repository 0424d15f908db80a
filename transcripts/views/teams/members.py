"""The page of a team: its members, its name, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import preferences
from accounts.adapter import public_url
from accounts.models import Role
from transcripts import access
from transcripts.selectors.teams import members as selector
from transcripts.selectors.teams import usage
from transcripts.services.errors import Refused
from transcripts.services.teams import creation, members
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

# What the session remembers of invitations that were refused, until the page of their team shows them again
TYPED = "refused_invitation"


@require_safe
@login_required
def team_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the members of a team and, to those who manage it, who is invited."""
    page = selector.page_of(request.user, slug)
    context = {"page": page, "link_base": public_url(request).rstrip("/"), **_invitation(request, slug)}
    return render(request, "pages/team_members.html", context)


def _invitation(request: SignedInRequest, slug: str) -> dict[str, Any]:
    """Return what the form for invitations begins with: what was typed last, if it was refused."""
    if request.session.get(TYPED, {}).get("team") != slug:
        return {"role": Role.EDITOR.value}
    typed: dict[str, Any] = request.session.pop(TYPED)
    return typed


@require_safe
@login_required
def team_usage(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what a team used this month."""
    return render(request, "pages/team_usage.html", {"page": usage.page_of(request.user, slug)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_new(request: SignedInRequest) -> HttpResponse:
    """Show the form for a new team; create one."""
    if request.method == "POST":
        with shown_on_page(request):
            team = creation.create(request.POST.get("name", ""), actor=request.user)
            preferences.change(request.user, {"team": team.slug})  # what one creates one works in
            return redirect("team", team.slug)
    return render(request, "pages/team_new.html", {"name": request.POST.get("name", "")})


@require_POST
@login_required
def team_rename(request: SignedInRequest, slug: str) -> HttpResponse:
    """Give a team another name."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        creation.rename(team, request.POST.get("name", ""), actor=request.user)
        messages.success(request, "Renamed the team.")
    return redirect("team", slug)


@require_POST
@login_required
def team_delete(request: SignedInRequest, slug: str) -> HttpResponse:
    """Delete a team that has no recordings, if its name was typed."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        if request.POST.get("name", "").strip() != team.name:
            raise Refused("no_name", "Type the name of the team exactly to delete it.")
        creation.delete(team, actor=request.user)
        messages.success(request, f"Deleted the team “{team}”.")
        return redirect("library")
    return redirect("team", slug)


@require_POST
@login_required
def team_leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Leave a team."""
    team = access.get_team(request.user, slug)
    with shown_on_page(request):
        members.leave(team, actor=request.user)
        messages.success(request, f"You left the team “{team}”.")
        return redirect("library")
    return redirect("team", slug)


@require_POST
@login_required
def team_transfer(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make another member the owner, and oneself an admin."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        owner = members.transfer(team, _id(request.POST.get("member", "")), actor=request.user)
        messages.success(request, f"{owner} is an owner now, and you are an admin.")
    return redirect("team", slug)


@require_POST
@login_required
def member_role(request: SignedInRequest, slug: str, user_id: int) -> HttpResponse:
    """Give a member another role."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        changed = members.change_role(team, user_id, request.POST.get("role", ""), actor=request.user)
        messages.success(request, f"{changed.user} is now: {changed.get_role_display().lower()}.")
    return redirect("team", slug)


@require_POST
@login_required
def member_remove(request: SignedInRequest, slug: str, user_id: int) -> HttpResponse:
    """Remove a member."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        removed = members.remove(team, user_id, actor=request.user)
        messages.success(request, f"Removed {removed}. What they have open closes within seconds.")
    return redirect("team", slug)


def _id(text: str) -> int:
    """Read the id of a person. Raises access.NotFound for anything else."""
    if not text.isdecimal() or len(text) > 18:
        raise access.NotFound
    return int(text)
