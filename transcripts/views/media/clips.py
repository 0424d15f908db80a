"""Short clips as downloads, and samples of speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from transcripts import access
from transcripts.media.clips import CLIP_EXTENSION, CLIP_TYPE
from transcripts.services.errors import Refused
from transcripts.services.recordings import clips

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest

MOST_DIGITS = 9


@login_required
@require_safe
def clip(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Return the part of the recording between `from` and `to` (ms) as a WAV file."""
    transcript = access.get_transcript(request.user, transcript_id)
    from_ms, to_ms = _ms(request, "from"), _ms(request, "to")
    name = f"{transcript.recording.title} {_clock(from_ms)}-{_clock(to_ms)}"
    return _answer(clips.clip(transcript, from_ms, to_ms), name, as_attachment=True)


@login_required
@require_safe
def sample(request: SignedInRequest, transcript_id: UUID, key: str) -> HttpResponse:
    """Return a sample of how a speaker sounds, to be played on the page."""
    transcript = access.get_transcript(request.user, transcript_id)
    speaker = access.speaker_in(transcript.pk, key)
    return _answer(clips.sample(transcript, speaker), speaker.label, as_attachment=False)


def _ms(request: SignedInRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Refused("clip_span", "A clip needs a beginning and an end in milliseconds: ?from=1000&to=5000.")
    return int(text)


def _clock(ms: int) -> str:
    """Write a position so that it can be in the name of a file: 1.02.03."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}.{minutes:02}.{seconds:02}" if hours else f"{minutes}.{seconds:02}"


def _answer(file: bytes, name: str, *, as_attachment: bool) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=as_attachment, filename=f"{name}.{CLIP_EXTENSION}")
    return HttpResponse(file, content_type=CLIP_TYPE, headers={"Content-Disposition": disposition or "attachment"})
