"""Importing a transcript that someone already has: into a recording, beside its media, or where a person then says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from transcripts import access
from transcripts.formats import readers
from transcripts.models.choices import ReviewStage
from transcripts.selectors import library
from transcripts.services.errors import Refused
from transcripts.services.recordings import imports
from transcripts.services.recordings.uploads import clean_filename
from transcripts.services.transcript.imports import files as imported_files
from transcripts.views.refusals import as_problem

if TYPE_CHECKING:
    from transcripts.models import ImportedFile, Recording, Transcript
    from transcripts.views.requests import SignedInRequest

# So many recordings are shown to choose from; a search finds the others.
MOST_CHOICES = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recording_import(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show the form, or import a transcript into a recording; a file that is refused is told on the form."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    context = {
        "recording": recording,
        "suffixes": ",".join(readers.SUFFIXES),
        "is_approved": recording.review == ReviewStage.APPROVED,
    }
    if request.method != "POST":
        return render(request, "pages/import.html", context)
    try:
        filename, content = _file(request)
        transcript = imports.import_transcript(recording, filename=filename, content=content, actor=request.user)
    except Refused as refusal:
        return render(request, "pages/import.html", {**context, "refusal": str(refusal)}, status=422)
    return _lead_to(request, clean_filename(filename), transcript, recording)


def _lead_to(
    request: SignedInRequest, filename: str, transcript: Transcript | None, recording: Recording
) -> HttpResponse:
    """Lead to the transcript, or to the recording whose job writes it."""
    if transcript is None:
        messages.success(request, f"The audio is transcribed to find the times of “{filename}”.")
        return redirect(recording)
    messages.success(request, f"Imported “{filename}”.")
    return redirect(transcript)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def choose_recording(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Ask to which recording a transcript belongs that was chosen without its media, and import it there."""
    file = access.get_import(request.user, import_id)
    if request.method != "POST":
        return _choice(request, file)
    recording = access.get_recording(request.user, _id(request.POST.get("recording", "")), need=access.Level.DECIDE)
    try:
        transcript = imports.import_stored(file, recording, actor=request.user)
    except Refused as refusal:
        return _choice(request, file, refusal=str(refusal))
    return _lead_to(request, file.filename, transcript, recording)


def _choice(request: SignedInRequest, file: ImportedFile, *, refusal: str = "") -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    found = list(library.editable(request.user, query).select_related("team")[: MOST_CHOICES + 1])
    context = {
        "file": file,
        "query": query,
        "recordings": found[:MOST_CHOICES],
        "has_more": len(found) > MOST_CHOICES,
        "refusal": refusal,
    }
    is_part = request.htmx.target == "import-choices"
    template = "_partials/import_choices.html" if is_part else "pages/import_choice.html"
    return render(request, template, context, status=422 if refusal else 200)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise access.NotFound from None


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
