"""Where a person is in a transcript, told by its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.services.transcript import reading
from transcripts.views.refusals import as_problem, problem

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest

FIELDS = ("position_ms", "seen_change", "active_s")
MALFORMED = "A position is a whole number of milliseconds in the recording, and a change the number of one."


@require_POST
@login_required
@as_problem
def position(request: SignedInRequest, transcript_id: UUID) -> JsonResponse:
    """Store where the person is: `position_ms` and `seen_change`, and how long they worked, `active_s`.

    Also sent as a beacon when a page is left.
    """
    transcript = access.get_transcript(request.user, transcript_id)
    given = {name: request.POST[name] for name in FIELDS if name in request.POST}
    if not given or not all(_is_number(text) for text in given.values()):
        return problem(400, "malformed", MALFORMED)
    numbers = {name: int(text) for name, text in given.items()}
    if "active_s" in numbers and access.allows(request.user, transcript.recording, access.Level.EDIT):
        reading.count_active(transcript, request.user, numbers["active_s"])
    row = reading.note(
        transcript, request.user, position_ms=numbers.get("position_ms"), seen_change=numbers.get("seen_change")
    )
    return JsonResponse({"position_ms": row.position_ms, "seen_change": row.seen_change})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:12]) <= reading.LATEST_MS and len(text) <= 9
