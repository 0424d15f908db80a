"""Transcripts as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from transcripts import access, formats
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest


@login_required
@require_safe
def export(request: SignedInRequest, transcript_id: UUID, format: str) -> HttpResponse:
    """Return the transcript as a file in the requested format, with the options of the query."""
    transcript = access.get_transcript(request.user, transcript_id)
    if format not in formats.FORMATS:
        raise access.NotFound
    file = exports.export(transcript, format, request.GET.dict())
    filename = f"{transcript.recording.title}.{file.extension}"
    disposition = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return HttpResponse(file.content, content_type=file.content_type, headers={"Content-Disposition": disposition})
