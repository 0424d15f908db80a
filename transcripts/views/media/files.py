"""A recording's files: audio for the player, the original for download, the waveform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.db import database_sync_to_async
from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_safe

from transcripts import access
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.recordings import missing_files
from transcripts.views.media.ranges import file_response

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from transcripts.access import Actor
    from transcripts.models import MediaFile, Recording
    from transcripts.views.media.ranges import Asked
    from transcripts.views.requests import SignedInRequest


@login_required
@require_safe
def playback(request: SignedInRequest, recording_id: UUID) -> HttpResponseBase:
    """What browsers play: the copy made for them, or the original if they can play that."""
    recording = access.get_recording(request.user, recording_id)
    file = playable_file(recording)
    return sent(request, file, file.content_type, actor=request.user)


@login_required
@require_safe
def original(request: SignedInRequest, recording_id: UUID) -> HttpResponseBase:
    """What was uploaded, byte for byte, as a download and never as something a browser would show."""
    recording = access.get_recording(request.user, recording_id)
    file = _file(recording.media_files.filter(kind=MediaKind.ORIGINAL).first())
    return sent(request, file, "application/octet-stream", actor=request.user, attachment=recording.filename)


@login_required
@require_safe
def peaks(request: SignedInRequest, recording_id: UUID) -> HttpResponseBase:
    """The waveform as JSON."""
    recording = access.get_recording(request.user, recording_id)
    file = _file(recording.media_files.filter(kind=MediaKind.PEAKS).first())
    return sent(request, file, "application/json", actor=request.user)


def playable_file(recording: Recording) -> MediaFile:
    """Return the file that browsers play of a recording that the caller got from `access`. Raises access.NotFound."""
    files = {file.kind: file for file in recording.media_files.all()}
    file = files.get(MediaKind.PLAYBACK) or files.get(MediaKind.ORIGINAL)
    if file is None or not file.content_type.startswith(("audio/", "video/")):
        raise access.NotFound
    return file


def sent(
    request: HttpRequest, file: MediaFile, content_type: str, *, actor: Actor, attachment: str = ""
) -> HttpResponseBase:
    """Send a stored file; one that the storage lost is not found, and the operator is told."""
    try:
        path = storage.path_of(file.storage_name)
        response = file_response(
            request, path, content_type, attachment=attachment, may_continue=asked_for(actor, file.recording_id)
        )
    except FileNotFoundError:
        missing_files.report_missing(file)
        raise access.NotFound from None
    if file.missing_since:
        missing_files.report_found(file)
    return response


def asked_for(actor: Actor, recording_id: UUID) -> Asked:
    """Return what tells whether the actor still has the recording: access ends in the middle of a file, too."""

    def has_access() -> bool:
        return access.recordings_of(actor).filter(pk=recording_id).exists()

    asked: Asked = database_sync_to_async(has_access, thread_sensitive=False)
    return asked


def _file(file: MediaFile | None) -> MediaFile:
    if file is None:
        raise access.NotFound
    return file
