"""A recording's files: sound for the player, the original for download, the waveform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from transcripts import access
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.views.ranges import file_response

if TYPE_CHECKING:
    from uuid import UUID

    from django.http.response import HttpResponseBase

    from transcripts.models import MediaFile
    from transcripts.views.requests import SignedInRequest


@login_required
@require_safe
def playback(request: SignedInRequest, recording_id: UUID) -> HttpResponseBase:
    """What browsers play: the copy made for them, or the original where they can play that."""
    recording = access.get_recording_for(request.user, recording_id)
    files = {file.kind: file for file in recording.media_files.all()}
    file = files.get(MediaKind.PLAYBACK) or files.get(MediaKind.ORIGINAL)
    if file is None or not file.content_type.startswith(("audio/", "video/")):
        raise access.NotFound
    return file_response(request, storage.path_of(file.storage_name), file.content_type)


@login_required
@require_safe
def original(request: SignedInRequest, recording_id: UUID) -> HttpResponseBase:
    """What was uploaded, byte for byte, as a download and never as something a browser would show."""
    recording = access.get_recording_for(request.user, recording_id)
    file = _file(recording.media_files.filter(kind=MediaKind.ORIGINAL).first())
    path = storage.path_of(file.storage_name)
    return file_response(request, path, "application/octet-stream", attachment=recording.filename)


@login_required
@require_safe
def peaks(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """The waveform as JSON."""
    recording = access.get_recording_for(request.user, recording_id)
    file = _file(recording.media_files.filter(kind=MediaKind.PEAKS).first())
    body = storage.path_of(file.storage_name).read_bytes()
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "private, max-age=3600"})


def _file(file: MediaFile | None) -> MediaFile:
    if file is None:
        raise access.NotFound
    return file
