"""Edits of a transcript, and what the editor loads once the text is painted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.models.choices import EditDirection
from transcripts.selectors import editor, speaker_names
from transcripts.services.errors import Refused
from transcripts.services.transcript import edits
from transcripts.views.refusals import as_problem
from transcripts.views.requests import body_of

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest

UNREADABLE = "This change can’t be read. Reload the page and try again."
LARGEST_NUMBER = 1 << 60


@require_POST
@login_required
@as_problem
def transcript_edits(request: SignedInRequest, transcript_id: UUID) -> JsonResponse:
    """Apply a batch of operations; answer with what every page gets."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.EDIT)
    return JsonResponse(edits.apply(transcript, batch_in(body_of(request)), actor=request.user))


def batch_in(body: bytes) -> edits.Batch:
    """Read a batch that a page sent. Raises Refused."""
    try:
        asked = json.loads(body)
        batch = edits.Batch(
            client=_page(asked["client"]),
            number=_number(asked["n"]),
            seq=_number(asked["seq"]),
            operations=asked["ops"],
            direction=EditDirection(asked["direction"]) if asked.get("direction") else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("bad_edit", UNREADABLE) from error
    if not isinstance(batch.operations, list):
        raise Refused("bad_edit", UNREADABLE)
    return batch


def _page(value: Any) -> str:
    if not isinstance(value, str) or not edits.CLIENT.fullmatch(value):
        raise ValueError(value)
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LARGEST_NUMBER:
        raise ValueError(value)
    return value


@require_safe
@login_required
@as_problem
def transcript_words(request: SignedInRequest, transcript_id: UUID) -> JsonResponse:
    """Answer where each word is in text and time."""
    return JsonResponse(editor.words(request.user, transcript_id))


@require_safe
@login_required
@as_problem
def transcript_names(request: SignedInRequest, transcript_id: UUID) -> JsonResponse:
    """Answer the names that the team has given to speakers."""
    return JsonResponse({"names": speaker_names.used_before(request.user, transcript_id)})
