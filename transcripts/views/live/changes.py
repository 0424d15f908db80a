"""What people mark in a live session while it runs. Edits of its text are those of any transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.models.choices import MarkerKind
from transcripts.services.transcript import changes, markers
from transcripts.views.refusals import as_problem

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest

# A hundred days: no session is longer.
LATEST_MS = 100 * 24 * 3600 * 1000


@require_POST
@login_required
@as_problem
def marker(request: SignedInRequest, session_id: UUID, marker_id: UUID) -> JsonResponse:
    """Mark a moment, change its note, or remove it."""
    session = access.get_live_session(request.user, session_id, need=access.Level.EDIT)
    existing = access.marker_in(session.recording_id, marker_id)
    if "remove" in request.POST:
        if existing:
            markers.remove(session.transcript, existing)
        return JsonResponse({})
    kind = MarkerKind.BREAK if request.POST.get("kind") == MarkerKind.BREAK else MarkerKind.MARK
    put = markers.put(
        session.transcript,
        marker_id,
        actor=request.user,
        at_ms=min(_number(request, "at_ms"), LATEST_MS),
        note=request.POST.get("note", ""),
        kind=kind,
    )
    return JsonResponse({"marker": changes.described_marker(put)})


def _number(request: SignedInRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
