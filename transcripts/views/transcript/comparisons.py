"""A transcript beside another provider's text of the same recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.document.plain import storable
from transcripts.selectors.comparisons.beside import beside
from transcripts.selectors.comparisons.page import side_by_side
from transcripts.services.pipeline.comparisons import adoption, requests, taking
from transcripts.views.refusals import as_problem, shown_on_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

# Digits of the highest number that a change or a word can have
LONGEST_NUMBER = 18


@require_safe
@login_required
def transcript_comparisons(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show only the part of the transcript's page that tells of comparisons."""
    return render(request, "_partials/comparisons.html", {"beside": beside(request.user, transcript_id)})


@require_POST
@login_required
def comparison_begin(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Ask another account for its text of the recording."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        requests.compare(transcript, request.POST.get("account", ""), actor=request.user)
    return redirect(transcript)


@require_POST
@login_required
def comparison_cancel(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Cancel what is being transcribed to be compared; the transcript is as it was."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    requests.cancel(transcript, actor=request.user)
    return redirect(transcript)


@require_safe
@login_required
def comparison(request: SignedInRequest, transcript_id: UUID, comparison_id: UUID) -> HttpResponse:
    """Show both texts word by word over the same player; with `part` only the texts."""
    context = {"page": side_by_side(request.user, transcript_id, comparison_id)}
    template = "_partials/side_by_side.html" if "part" in request.GET else "pages/side_by_side.html"
    return render(request, template, context)


@require_POST
@login_required
@as_problem
def comparison_take(request: SignedInRequest, transcript_id: UUID, comparison_id: UUID) -> JsonResponse:
    """Put the other words of one difference into the transcript."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.EDIT)
    found = access.comparison_in(transcript.recording_id, comparison_id)
    place = taking.Place(
        storable(request.POST.get("segment", "")),
        storable(request.POST.get("was", "")),
        *(_number(request, name) for name in ("first", "last", "seq")),
    )
    taking.take(transcript, found, place, actor=request.user)
    return JsonResponse({"taken": True})


@require_POST
@login_required
def comparison_use(request: SignedInRequest, transcript_id: UUID, comparison_id: UUID) -> HttpResponse:
    """Make the whole other text the transcript, merged with what people wrote."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    found = access.comparison_in(transcript.recording_id, comparison_id)
    with shown_on_page(request):
        return redirect(adoption.use(found, transcript, actor=request.user))
    return redirect(found.address_beside(transcript))


def _number(request: SignedInRequest, name: str) -> int:
    """Return a number that the page names; 0 for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0
