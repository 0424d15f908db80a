"""Files that a worker writes: many transcripts as a ZIP, the page that waits for a file, and the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from transcripts import access, formats
from transcripts.models.choices import ExportStatus
from transcripts.selectors import library
from transcripts.selectors.exports import form, options_in
from transcripts.services import storage
from transcripts.services.exports import requests
from transcripts.views.library.page import filters_of
from transcripts.views.media.ranges import file_response

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from transcripts.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def exports(request: SignedInRequest) -> HttpResponse:
    """Show the recordings of a page of the library to choose from; a POST has their transcripts written as a ZIP."""
    if request.method == "POST":
        return _begin(request)
    shown = form(request.GET.dict(), None)
    if request.htmx.target == "export-form":
        return render(request, "_partials/export_form.html", {"form": shown})
    rows = [row for row in library.page(request.user, filters_of(request)).rows if row.transcript]
    return render(request, "pages/exports.html", {"rows": rows, "form": shown})


def _begin(request: SignedInRequest) -> HttpResponse:
    name = request.POST.get("format", "")
    if name not in formats.FORMATS:
        raise access.NotFound
    chosen = _ids(request.POST.getlist("transcript"))
    transcripts = access.get_transcripts(request.user, chosen) if chosen else []
    export = requests.request(request.user, transcripts, name, options_in(request.POST.dict(), name))
    return redirect("export", export.pk)


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise access.NotFound from None


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def export(request: SignedInRequest, export_id: UUID) -> HttpResponse:
    """Show whether the file is ready; the page asks again when it is told."""
    shown = access.get_export(request.user, export_id)
    context = {"export": shown, "format": formats.FORMATS.get(shown.format)}
    is_part = request.htmx.target == f"export-{shown.pk}"
    return render(request, "_partials/export_status.html" if is_part else "pages/export.html", context)


@require_safe
@login_required
def export_file(request: SignedInRequest, export_id: UUID) -> HttpResponseBase:
    """Return the file, to the person who asked for it and can still see all that is in it."""
    shown = access.get_export(request.user, export_id)
    if shown.status != ExportStatus.READY:
        raise access.NotFound
    try:
        path = storage.path_of(shown.storage_name)
        return file_response(request, path, shown.content_type, attachment=shown.filename)
    except FileNotFoundError:
        raise access.NotFound from None
