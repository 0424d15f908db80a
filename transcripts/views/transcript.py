"""The transcript page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.services import afterwards, languages, reading
from transcripts.services.live import gaps

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
def transcript_page(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show a transcript beside its player."""
    read, standing = reading.read(request.user, transcript_id), afterwards.standing_of(request.user, transcript_id)
    language = read.transcript.language
    lines = standing.lines(read.segments) if standing else gaps.woven(read.segments, language=language)
    return render(
        request,
        "pages/transcript.html",
        {"reading": read, "standing": standing, "lines": lines, "offer": languages.offer()},
    )


@require_POST
@login_required
def transcript_language(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Store that the language was detected correctly; `language` is the one that the person was asked about."""
    transcript = access.get_transcript_for(request.user, transcript_id, to_edit=True)
    if not languages.confirm(transcript, language=request.POST.get("language", ""), actor=request.user):
        messages.info(request, "Someone else has answered this already.")
    return redirect(transcript)
