"""The page of a batch, and what can be done with all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from transcripts import access, formats
from transcripts.selectors.uploads import batches as selector
from transcripts.services.recordings import batches
from transcripts.views.bulk.exports import export
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

LONGEST_NUMBER = 6


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def batch(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Show how far a batch is and what became of each file, or that part alone if the page asks to refresh it."""
    found = access.get_batch(request.user, batch_id)
    asked = request.GET.get("page", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_NUMBER
    page = selector.page(request.user, found, max(1, int(asked)) if is_number else 1)
    is_part = request.htmx.target == "batch" and not request.htmx.history_restore_request
    context = {"page": page, "formats": formats.FORMATS}
    return render(request, "_partials/batch.html" if is_part else "pages/batch.html", context)


@require_POST
@login_required
def batch_retry(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Begin to transcribe again what failed."""
    found = access.get_batch(request.user, batch_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        batches.retry(selector.recordings(request.user, found).filter(team=found.team), actor=request.user)
    return redirect(found)


@require_POST
@login_required
def batch_export(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Have a worker write all transcripts of a batch as a ZIP."""
    found = access.get_batch(request.user, batch_id)
    parameters = {"format": request.POST.get("format", "")}
    href = ""
    with shown_on_page(request):
        href = export(request, list(selector.recordings(request.user, found)), parameters)
    return redirect(href or found)
