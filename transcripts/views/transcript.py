"""The transcript page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
    lines = standing.lines(read.segments) if standing else gaps.woven(read.segments)
    return render(
        request,
        "pages/transcript.html",
        {"reading": read, "standing": standing, "lines": lines, "offer": languages.offer()},
    )
