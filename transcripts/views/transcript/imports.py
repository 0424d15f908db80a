"""Importing a transcript that someone already has: into a recording, or beside the upload of its media."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.formats import readers
from transcripts.services.errors import Refused
from transcripts.services.recordings import imports
from transcripts.services.recordings.uploads import clean_filename
from transcripts.services.transcript.imports import files as imported_files
from transcripts.views.refusals import as_problem

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recording_import(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show the form, or import a transcript into a recording; a file that is refused is told on the form."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.EDIT)
    context = {"recording": recording, "suffixes": ",".join(readers.SUFFIXES)}
    if request.method != "POST":
        return render(request, "pages/import.html", context)
    try:
        filename, content = _file(request)
        transcript = imports.import_transcript(recording, filename=filename, content=content, actor=request.user)
    except Refused as refusal:
        return render(request, "pages/import.html", {**context, "refusal": str(refusal)}, status=422)
    if transcript is None:
        messages.success(request, f"The audio is transcribed to find the times of “{clean_filename(filename)}”.")
        return redirect(recording)
    messages.success(request, f"Imported “{clean_filename(filename)}”.")
    return redirect(transcript)


@require_POST
@login_required
@as_problem
def files(request: SignedInRequest) -> HttpResponse:
    """Take a transcript whose media is about to be uploaded, and answer the id that the upload names."""
    filename, content = _file(request)
    file = imported_files.store(clean_filename(filename), content, actor=request.user)
    return JsonResponse({"id": str(file.pk), "has_times": file.has_times}, status=201)


def _file(request: SignedInRequest) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that was sent. Raises Refused; one that is too large is not read."""
    file = request.FILES.get("file")
    if file is None:
        raise Refused("unreadable_transcript", "Choose the file of the transcript.")
    if (file.size or 0) > readers.MOST_BYTES:
        raise Refused("unreadable_transcript", "This file is larger than 8 MB. A transcript is smaller.")
    return file.name or "transcript", file.read()
