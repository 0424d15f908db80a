"""The audio and the waveform of a guest's page: of the whole recording, or of the stretch that the link shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from transcripts import access
from transcripts.formats import names
from transcripts.media.stretches import STRETCH_EXTENSION, STRETCH_TYPE
from transcripts.models.choices import MediaKind
from transcripts.selectors.guests.text import transcript_of
from transcripts.services import storage
from transcripts.services.sharing import stretches
from transcripts.views.guests.entering import for_guests
from transcripts.views.media.files import asked_for, playable_file, sent
from transcripts.views.media.ranges import file_response

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from transcripts.access import Guest

# Seconds after which a page may ask again for a stretch that a worker is cutting.
AGAIN_S = 2


@require_safe
@for_guests()
def media(request: HttpRequest, guest: Guest) -> HttpResponseBase:
    """Return what the player plays; 202 while the audio of a stretch is being cut."""
    transcript_of(guest.share)
    return _audio(request, guest)


@require_safe
@for_guests()
def download(request: HttpRequest, guest: Guest) -> HttpResponseBase:
    """Return the audio as a download, if the link lets guests download it."""
    if not guest.share.allows_audio:
        raise access.NotFound
    transcript_of(guest.share)
    return _audio(request, guest, is_download=True)


@require_safe
@for_guests()
def peaks(request: HttpRequest, guest: Guest) -> HttpResponseBase:
    """Return the waveform as JSON, of a stretch that of the stretch alone."""
    transcript_of(guest.share)
    file = guest.share.recording.media_files.filter(kind=MediaKind.PEAKS).first()
    if file is None:
        raise access.NotFound
    if not stretches.is_stretch(guest.share):
        return sent(request, file, "application/json", actor=guest)
    try:
        whole = json.loads(storage.path_of(file.storage_name).read_bytes())
    except FileNotFoundError:
        raise access.NotFound from None
    return JsonResponse(_cut(whole, guest.share.from_ms or 0, guest.share.until_ms or 0))


def _audio(request: HttpRequest, guest: Guest, *, is_download: bool = False) -> HttpResponseBase:
    title = names.safe(guest.share.recording.title)
    if not stretches.is_stretch(guest.share):
        file = playable_file(guest.share.recording)
        extension = file.content_type.partition("/")[2].replace("mpeg", "mp3").replace("mp4", "m4a")
        attachment = f"{title}.{extension}" if is_download else ""
        return sent(request, file, file.content_type, actor=guest, attachment=attachment)
    path = stretches.audio_of(guest.share)
    if path is None:
        return HttpResponse(status=202, headers={"Retry-After": str(AGAIN_S)})
    attachment = f"{title}.{STRETCH_EXTENSION}" if is_download else ""
    may_continue = asked_for(guest, guest.share.recording_id)
    return file_response(request, path, STRETCH_TYPE, attachment=attachment, may_continue=may_continue)


def _cut(whole: dict[str, object], from_ms: int, until_ms: int) -> dict[str, object]:
    """Return the peaks from one moment to another."""
    values, duration_ms = whole.get("peaks"), whole.get("duration_ms")
    if not isinstance(values, list) or not isinstance(duration_ms, int) or not duration_ms:
        return {"duration_ms": 0, "peaks": []}
    until_ms = min(until_ms, duration_ms)
    first, last = from_ms * len(values) // duration_ms, -(-until_ms * len(values) // duration_ms)
    return {"duration_ms": max(0, until_ms - from_ms), "peaks": values[first:last]}
