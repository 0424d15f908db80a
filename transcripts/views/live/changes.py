"""What people change in a live session while it runs: corrections, names, markers. Each says what stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.models import Marker, Segment, Speaker
from transcripts.models.choices import MarkerKind
from transcripts.services.transcript import changes, edits, markers, speakers
from transcripts.views.refusals import as_problem, problem

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest

# A hundred days: nobody speaks so long.
LATEST_MS = 100 * 24 * 3600 * 1000


@require_POST
@login_required
@as_problem
def segment(request: SignedInRequest, session_id: UUID, segment_id: int) -> JsonResponse:
    """Correct the text of a segment; 409 with what stands there now where somebody was faster."""
    session = access.get_live_session_for(request.user, session_id, to_edit=True)
    rows = Segment.objects.select_related("transcript", "speaker").filter(transcript=session.transcript_id)
    row = get_object_or_404(rows, pk=segment_id)
    if "text" not in request.POST:
        return problem(400, "no_text", "There is no text in this request. Reload the page.")
    try:
        row = edits.correct(row, text=request.POST["text"], revision=_number(request, "revision"), actor=request.user)
    except edits.Stale as stale:
        return problem(409, stale.code, str(stale), segment=changes.described(stale.segment))
    return JsonResponse({"segment": changes.described(row)})


@require_POST
@login_required
@as_problem
def speaker(request: SignedInRequest, session_id: UUID, speaker_id: int) -> JsonResponse:
    """Give a speaker a name."""
    session = access.get_live_session_for(request.user, session_id, to_edit=True)
    voices = Speaker.objects.select_related("transcript__recording").filter(transcript=session.transcript_id)
    voice = get_object_or_404(voices, pk=speaker_id)
    voice = speakers.rename(voice, label=request.POST.get("label", ""), actor=request.user)
    return JsonResponse({"speaker": changes.described_speaker(voice)})


@require_POST
@login_required
@as_problem
def marker(request: SignedInRequest, session_id: UUID, marker_id: UUID) -> JsonResponse:
    """Mark a moment, write its note anew, or remove it."""
    session = access.get_live_session_for(request.user, session_id, to_edit=True)
    mine = Marker.objects.filter(pk=marker_id)
    existing = mine.filter(recording=session.recording_id).first()
    if mine.exists() and existing is None:
        raise access.NotFound
    if "remove" in request.POST:
        if existing:
            markers.remove(existing)
        return JsonResponse({})
    kind = MarkerKind.BREAK if request.POST.get("kind") == MarkerKind.BREAK else MarkerKind.MARK
    put = markers.put(
        session.recording,
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
