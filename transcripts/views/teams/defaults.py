"""The defaults of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.selectors.teams import defaults as selector
from transcripts.services.provider_accounts import wishes
from transcripts.services.recordings import retention
from transcripts.services.teams import defaults
from transcripts.views.refusals import shown_on_page
from transcripts.views.uploads.choices import said_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from transcripts.providers.capabilities import Wishes
    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team_defaults(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the defaults of a team, or change them."""
    if request.method != "POST":
        return render(request, "pages/team_defaults.html", {"page": selector.page_of(request.user, slug)})
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        defaults.change(team, _wish(request.POST, defaults.of(team.pk).wishes), actor=request.user)
        messages.success(request, "Saved the defaults.")
    return redirect("team_defaults", slug)


@require_POST
@login_required
def recording_hold(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Keep a recording that the retention of its team would move to the trash."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    retention.hold(recording, actor=request.user)
    messages.success(request, f"Keeping “{recording.title}”.")
    return redirect("library")


def _wish(form: QueryDict, before: Wishes) -> defaults.Wish:
    return defaults.Wish(
        language=form.get("language", "")[:35],
        account_id=form.get("account", ""),
        retention_days=form.get("retention_days", ""),
        forbids_own_approval="forbids_own_approval" in form,
        forbids_doubtful_approval="forbids_doubtful_approval" in form,
        requires_second_factor="requires_second_factor" in form,
        wishes=wishes.read(said_in(form), before),
    )
