"""The text of a guest's page: its words, its edits, and its downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.formats import names
from transcripts.selectors import editor
from transcripts.selectors.guests import downloads
from transcripts.selectors.guests.feed import for_guest
from transcripts.selectors.guests.text import get_transcript, text_of, transcript_of
from transcripts.services.errors import Refused
from transcripts.services.exports import requests
from transcripts.services.transcript import conflicts, edits
from transcripts.views.guests.entering import for_guests
from transcripts.views.requests import body_of
from transcripts.views.transcript.editing import batch_in

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from transcripts.access import Guest

TOO_LONG = "This transcript is too long for this format. Download it as TXT."


@require_safe
@for_guests()
def words(request: HttpRequest, guest: Guest, transcript_id: UUID) -> JsonResponse:
    """Answer where each word is in text and time."""
    transcript = get_transcript(guest, transcript_id)
    if not guest.share.shows_less:
        return JsonResponse(editor.words(guest, transcript_id))
    return JsonResponse(text_of(guest.share, transcript).words())


@require_POST
@for_guests(need=access.Level.EDIT)
def apply_edits(request: HttpRequest, guest: Guest, transcript_id: UUID) -> JsonResponse:
    """Apply a batch of operations; answer with what every page gets."""
    transcript = get_transcript(guest, transcript_id, need=access.Level.EDIT)
    answer = edits.apply(transcript, batch_in(body_of(request)), actor=guest)
    return JsonResponse(for_guest(answer, access.Level.EDIT))


@require_POST
@for_guests(need=access.Level.EDIT)
def conflict_keep(request: HttpRequest, guest: Guest, transcript_id: UUID, conflict_id: int) -> JsonResponse:
    """Keep what is in the text."""
    conflicts.keep(access.get_conflict(guest, transcript_id, conflict_id), actor=guest)
    return JsonResponse({"decided": conflict_id})


@require_POST
@for_guests(need=access.Level.EDIT)
def conflict_take(request: HttpRequest, guest: Guest, transcript_id: UUID, conflict_id: int) -> JsonResponse:
    """Use the other words."""
    asked = request.POST.get("revision", "")
    revision = int(asked) if asked.isascii() and asked.isdigit() else 0
    conflicts.take(access.get_conflict(guest, transcript_id, conflict_id), revision=revision, actor=guest)
    return JsonResponse({"decided": conflict_id})


@require_safe
@for_guests()
def download(request: HttpRequest, guest: Guest, format: str) -> HttpResponse:
    """Return what the link shows as a file, if the link lets guests download the text."""
    if not guest.share.allows_text or format not in downloads.OFFERED:
        raise access.NotFound
    transcript = transcript_of(guest.share)
    if requests.is_slow(transcript, format):
        raise Refused("export_long", TOO_LONG)
    file = downloads.rendered(guest, transcript, format)
    filename = f"{names.safe(transcript.recording.title)}.{file.extension}"
    disposition = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return HttpResponse(file.content, content_type=file.content_type, headers={"Content-Disposition": disposition})
