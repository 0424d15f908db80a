"""The transcript page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts.services import reading

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
def transcript_page(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show a transcript beside its player."""
    return render(request, "pages/transcript.html", {"reading": reading.read(request.user, transcript_id)})
