"""The comments of a transcript, as JSON for its page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.document.plain import storable
from transcripts.models.choices import CommentKind
from transcripts.selectors.review.comments import comments_of, names_of
from transcripts.services.errors import Refused
from transcripts.services.transcript.comments import threads
from transcripts.views.refusals import as_problem

if TYPE_CHECKING:
    from django.http import QueryDict

    from transcripts.models import Transcript
    from transcripts.views.requests import SignedInRequest

UNREADABLE = "This comment can’t be read. Reload the page and try again."
LONGEST_KEY, DIGITS = 36, 15


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@as_problem
def transcript_comments(request: SignedInRequest, transcript_id: UUID) -> JsonResponse:
    """Return the comments of a transcript, or add one under the `id` that the page chose."""
    if request.method != "POST":
        return _listed(request, access.get_transcript(request.user, transcript_id))
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.COMMENT)
    comment_id, draft = draft_in(request.POST)
    threads.add(transcript, comment_id, draft, actor=request.user)
    return _listed(request, transcript)


@require_POST
@login_required
@as_problem
def comment_edit(request: SignedInRequest, transcript_id: UUID, comment_id: UUID) -> JsonResponse:
    """Give one's comment the text `body`."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.COMMENT)
    threads.edit(threads.get(transcript, comment_id), request.POST.get("body", ""), actor=request.user)
    return _listed(request, transcript)


@require_POST
@login_required
@as_problem
def comment_remove(request: SignedInRequest, transcript_id: UUID, comment_id: UUID) -> JsonResponse:
    """Delete one's comment."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.COMMENT)
    threads.remove(threads.get(transcript, comment_id), actor=request.user)
    return _listed(request, transcript)


@require_POST
@login_required
@as_problem
def comment_settle(request: SignedInRequest, transcript_id: UUID, comment_id: UUID) -> JsonResponse:
    """Resolve a thread, or open it again if `resolved` is empty."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.COMMENT)
    is_resolved = bool(request.POST.get("resolved"))
    threads.settle(threads.get(transcript, comment_id), is_resolved=is_resolved, actor=request.user)
    return _listed(request, transcript)


def _listed(request: SignedInRequest, transcript: Transcript) -> JsonResponse:
    return JsonResponse(
        {"comments": comments_of(request.user, transcript), "names": names_of(request.user, transcript)}
    )


def draft_in(fields: QueryDict) -> tuple[UUID, threads.Draft]:
    """Return the id that the page chose, and what it sends. Raises Refused."""
    text = {name: str(fields.get(name, "")) for name in fields}
    try:
        return UUID(text.get("id", "")), threads.Draft(
            body=text.get("body", ""),
            kind=CommentKind(text.get("kind") or CommentKind.COMMENT),
            parent=UUID(text["parent"]) if text.get("parent") else None,
            segment=storable(text.get("segment", ""))[:LONGEST_KEY],
            begin=_number(text.get("begin") or "0"),
            end=_number(text.get("end") or "0"),
            quoted=text.get("quoted", ""),
            parts=_parts(text.get("parts") or "[]"),
            seq=_number(text.get("seq") or "0"),
            at_ms=_number(text["at_ms"]) if text.get("at_ms") else None,
            colour=text.get("colour", ""),
            tag=text.get("tag", ""),
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused("malformed", UNREADABLE) from error


def _parts(text: str) -> tuple[threads.Words, ...]:
    """Return words in further segments, from JSON: [segment, begin, end, quoted] each. Raises ValueError."""
    parts = json.loads(text)
    if not isinstance(parts, list):
        raise TypeError(text)
    return tuple(_words(*part) for part in parts)


def _words(segment: object, begin: object, end: object, quoted: object) -> threads.Words:
    return threads.Words(storable(str(segment))[:LONGEST_KEY], _number(str(begin)), _number(str(end)), str(quoted))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise ValueError(text)
    return int(text)
