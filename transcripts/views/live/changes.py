"""What people change in a live session while it runs: segments, speakers, markers. Each answers with the new state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.models.choices import MarkerKind
from transcripts.services.transcript import changes, edits, markers, speakers
from transcripts.views.refusals import as_problem, problem

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest

# A hundred days: no session is longer.
LATEST_MS = 100 * 24 * 3600 * 1000


@require_POST
@login_required
@as_problem
def segment(request: SignedInRequest, session_id: UUID, segment_key: str) -> JsonResponse:
    """Edit the text of a segment; 409 with what it says now if someone else was faster."""
    session = access.get_live_session(request.user, session_id, need=access.Level.EDIT)
    row = access.segment_in(session.transcript_id, segment_key)
    if "text" not in request.POST:
        return problem(400, "no_text", "The request holds no text. Reload the page and try again.")
    revision = _number(request, "revision")
    try:
        row = edits.set_text(row, text=request.POST["text"], revision=revision, actor=request.user)
    except edits.Stale as stale:
        return problem(409, stale.code, str(stale), segment=changes.described(stale.segment))
    return JsonResponse({"segment": changes.described(row)})


@require_POST
@login_required
@as_problem
def speaker(request: SignedInRequest, session_id: UUID, speaker_key: str) -> JsonResponse:
    """Give a speaker a name."""
    session = access.get_live_session(request.user, session_id, need=access.Level.EDIT)
    row = access.speaker_in(session.transcript_id, speaker_key)
    row = speakers.rename(row, label=request.POST.get("label", ""), actor=request.user)
    return JsonResponse({"speaker": changes.described_speaker(row)})


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
