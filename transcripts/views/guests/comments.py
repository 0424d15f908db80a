"""The comments on a guest's page, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from transcripts import access
from transcripts.selectors.guests import comments
from transcripts.selectors.guests.text import get_transcript
from transcripts.services.transcript.comments import threads
from transcripts.views.guests.entering import for_guests
from transcripts.views.transcript.comments import draft_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from transcripts.access import Guest
    from transcripts.models import Comment, Transcript

NEED = access.Level.COMMENT


@require_http_methods(["GET", "HEAD", "POST"])
def transcript_comments(request: HttpRequest, token: str, transcript_id: UUID) -> HttpResponse:
    """Return the comments that the guest's link shows, or add one under the `id` that the page chose."""
    view = _add if request.method == "POST" else _list
    return view(request, token=token, transcript_id=transcript_id)  # type: ignore[return-value]


@require_safe
@for_guests()
def _list(request: HttpRequest, guest: Guest, transcript_id: UUID) -> JsonResponse:
    # They are read before a name is given, so a name is not asked for
    return _listed(guest, get_transcript(guest, transcript_id, need=NEED))


@require_POST
@for_guests(need=NEED)
def _add(request: HttpRequest, guest: Guest, transcript_id: UUID) -> JsonResponse:
    transcript = get_transcript(guest, transcript_id, need=NEED)
    comment_id, draft = draft_in(request.POST)
    if not comments.is_shown(guest, transcript, draft):
        raise access.NotFound
    threads.add(transcript, comment_id, comments.in_whole(guest, transcript, draft), actor=guest)
    return _listed(guest, transcript)


@require_POST
@for_guests(need=NEED)
def edit(request: HttpRequest, guest: Guest, transcript_id: UUID, comment_id: UUID) -> JsonResponse:
    """Give one's comment the text `body`."""
    transcript, comment = _found(guest, transcript_id, comment_id)
    threads.edit(comment, request.POST.get("body", ""), actor=guest)
    return _listed(guest, transcript)


@require_POST
@for_guests(need=NEED)
def remove(request: HttpRequest, guest: Guest, transcript_id: UUID, comment_id: UUID) -> JsonResponse:
    """Delete one's comment."""
    transcript, comment = _found(guest, transcript_id, comment_id)
    threads.remove(comment, actor=guest)
    return _listed(guest, transcript)


@require_POST
@for_guests(need=NEED)
def settle(request: HttpRequest, guest: Guest, transcript_id: UUID, comment_id: UUID) -> JsonResponse:
    """Resolve a thread that the guest began, or open it again if `resolved` is empty."""
    transcript, comment = _found(guest, transcript_id, comment_id)
    threads.settle(comment, is_resolved=bool(request.POST.get("resolved")), actor=guest)
    return _listed(guest, transcript)


def _found(guest: Guest, transcript_id: UUID, comment_id: UUID) -> tuple[Transcript, Comment]:
    transcript = get_transcript(guest, transcript_id, need=NEED)
    return transcript, threads.get(transcript, comment_id)


def _listed(guest: Guest, transcript: Transcript) -> JsonResponse:
    """Answer the comments; `names`, those who can be mentioned, are members, whom guests don't get."""
    return JsonResponse({"comments": comments.shown_to(guest, transcript), "names": []})
