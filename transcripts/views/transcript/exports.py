"""One transcript as a file: the dialog in which a person chooses, and the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from transcripts import access, formats
from transcripts.formats import names
from transcripts.selectors.exports import form, options_in
from transcripts.services import activities
from transcripts.services.exports import requests
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.models import Transcript
    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def export_form(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show the formats and options with a preview; a POST leads to the file."""
    transcript = access.get_transcript(request.user, transcript_id)
    if request.method == "POST":
        return _begin(request, transcript)
    shown = form(request.GET.dict(), transcript.recording.team, transcript)
    template = "_partials/export_form.html" if request.htmx.target == "export-form" else "pages/export_form.html"
    return render(request, template, {"transcript": transcript, "recording": transcript.recording, "form": shown})


def _begin(request: SignedInRequest, transcript: Transcript) -> HttpResponse:
    """Remember the options, and lead to the file or to the page that waits for it."""
    name = request.POST.get("format", "")
    if name not in formats.FORMATS:
        raise access.NotFound
    options = options_in(request.POST.dict(), name)
    exports.check_options(name, options)
    requests.remember(request.user, transcript.recording.team, name, options)
    if requests.is_slow(transcript, name):
        return redirect("export", requests.request(request.user, [transcript], name, options).pk)
    url = reverse("transcript_export", args=[transcript.pk, name])
    return HttpResponseRedirect(f"{url}?{urlencode(options)}" if options else url)


@login_required
@require_safe
def export(request: SignedInRequest, transcript_id: UUID, format: str) -> HttpResponse:
    """Return the transcript as a file in the requested format, with the options of the query."""
    transcript = access.get_transcript(request.user, transcript_id)
    if format not in formats.FORMATS:
        raise access.NotFound
    file = exports.export(transcript, format, request.GET.dict())
    activities.record("transcript:exported", transcript.recording, actor=request.user, format=format)
    filename = f"{names.safe(transcript.recording.title)}.{file.extension}"
    disposition = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return HttpResponse(file.content, content_type=file.content_type, headers={"Content-Disposition": disposition})
