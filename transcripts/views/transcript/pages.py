"""The transcript page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.selectors import editor, retranscription
from transcripts.selectors.comparisons.beside import beside
from transcripts.selectors.review.header import review_of
from transcripts.selectors.sharing.page import count_of
from transcripts.selectors.transcript import read
from transcripts.services import activities
from transcripts.services.provider_accounts import options
from transcripts.services.transcript import language
from transcripts.services.transcript import reading as readings

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


# So many segments are in the page itself, for the first paint; the editor has all of them from its data.
FIRST = 40


@require_safe
@login_required
def transcript_page(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show a transcript beside its player."""
    reading, state = read(request.user, transcript_id), retranscription.state_of(request.user, transcript_id)
    activities.record_once("recording:opened", reading.transcript.recording, actor=request.user)
    lines = [line for line in state.lines(reading.segments) if line.number < FIRST or line.before or line.begins]
    return render(
        request,
        "pages/transcript.html",
        {
            "reading": reading,
            "state": state,
            "beside": beside(request.user, transcript_id),
            "review": review_of(request.user, transcript_id),
            "lines": lines,
            "first": FIRST,
            "offer": options.offer(),
            "shared": count_of(reading.transcript.recording) if reading.may_decide else 0,
            "editor": editor.data(request.user, reading.transcript, may_edit=reading.may_edit),
            "position_ms": readings.position_in(reading.transcript, request.user),
        },
    )


@require_POST
@login_required
def transcript_language(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Store that the language was detected correctly; `language` is the one that the person was asked about."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    if not language.confirm(transcript, language=request.POST.get("language", ""), actor=request.user):
        messages.info(request, "Someone else has already answered this.")
    return redirect(transcript)
