"""The history of a transcript, its named versions, and two of its states compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.document.plain import storable
from transcripts.selectors.history.comparison import comparison
from transcripts.selectors.history.page import history
from transcripts.selectors.history.segment import segment_history
from transcripts.services.transcript import versions
from transcripts.views.refusals import as_problem

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

# Digits of the highest number that a change can have.
LONGEST_NUMBER = 18


@require_safe
@login_required
def transcript_history(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show entries of the history, those before the change `before` if it is given, or that of one `segment`.

    `earlier` says that the page shows a transcript that continues this one: nothing here can be restored there.
    """
    is_earlier = "earlier" in request.GET
    if key := storable(request.GET.get("segment", "")):
        found = segment_history(request.user, transcript_id, key)
        return render(request, "_partials/history_segment.html", {"history": found})
    page = history(request.user, transcript_id, before=_number(request, "before"))
    return render(request, "_partials/history.html", {"history": page, "is_earlier": is_earlier})


@require_safe
@login_required
def transcript_compare(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show what differs between the states after the changes `from` and `to`; without `to` up to the present.

    Without a number in `from`, as in "machine", the machine's text is the older state.
    """
    found = comparison(request.user, transcript_id, since=_number(request, "from"), until=_number(request, "to"))
    return render(request, "_partials/comparison.html", {"comparison": found, "is_earlier": "earlier" in request.GET})


@require_POST
@login_required
@as_problem
def transcript_versions(request: SignedInRequest, transcript_id: UUID) -> JsonResponse:
    """Give the present state of a transcript a name."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.EDIT)
    version = versions.name(transcript, request.POST.get("name", ""), actor=request.user)
    return JsonResponse({"id": version.pk, "number": version.number, "name": version.name})


def _number(request: SignedInRequest, name: str) -> int | None:
    """Return the number of a change that the page names; None without a number."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
