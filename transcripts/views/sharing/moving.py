"""A recording that goes to another team: the choice of the team, and whether it is moved or copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from transcripts import access
from transcripts.services.errors import Refused
from transcripts.services.moving import copies, moves, rules

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.models import Recording
    from transcripts.views.requests import SignedInRequest

NO_TEAM = "Choose the team."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recording_move(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Ask to which team a recording goes; move or copy it there."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    if request.method != "POST":
        return _form(request, recording)
    try:
        arrived = _bring(request, recording)
    except Refused as refusal:
        return _form(request, recording, str(refusal))
    return redirect(arrived.transcripts.order_by("-created_at").first() or arrived)


def _bring(request: SignedInRequest, recording: Recording) -> Recording:
    slug = request.POST.get("team", "")
    if not slug:
        raise Refused("no_team", NO_TEAM)
    is_copied = "copy" in request.POST
    bring = copies.copy if is_copied else moves.move
    arrived = bring(recording, slug, actor=request.user)
    messages.success(request, f"{'Copied' if is_copied else 'Moved'} to “{arrived.team}”.")
    return arrived


def _form(request: SignedInRequest, recording: Recording, refusal: str = "") -> HttpResponse:
    context = {
        "recording": recording,
        "teams": rules.targets_for(recording, request.user),
        "chosen": request.POST.get("team", ""),
        "refusal": refusal,
    }
    return render(request, "pages/move.html", context, status=422 if refusal else 200)
