"""A term applied to the transcripts that a team has: previewed, applied, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.services import archive
from transcripts.services.errors import Refused
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

SALT = "vocabulary.archive"
# So long the page offers to take it back; after that the history of each transcript does.
UNDO_S = 24 * 3600
TOO_LATE = "This can’t be undone here any more. Restore the transcripts from their history."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def term_archive(request: SignedInRequest, slug: str, term_id: int) -> HttpResponse:
    """Show every place that a term would change, or change those that were chosen."""
    team = access.get_team(request.user, slug, need=access.Level.EDIT)
    term = access.term_in(team, term_id)
    applied: archive.Applied = []
    if request.method == "POST":
        outcome = archive.apply(term, set(request.POST.getlist("hit")), actor=request.user)
        applied = outcome.applied
        for sentence in outcome.refusals:
            messages.error(request, sentence)
    undo = signing.dumps([request.user.pk, applied], salt=SALT) if applied else ""
    shown = {"team": team, "term": term, "hits": archive.hits(term, request.user), "applied": applied, "undo": undo}
    return render(request, "pages/archive.html", shown)


@require_POST
@login_required
def archive_undo(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take back what was applied."""
    access.get_team(request.user, slug, need=access.Level.EDIT)
    with shown_on_page(request):
        count = archive.undo(_applied(request), actor=request.user)
        messages.success(request, f"Undone in {count} {'transcript' if count == 1 else 'transcripts'}.")
    return redirect("vocabulary", slug)


def _applied(request: SignedInRequest) -> archive.Applied:
    try:
        person, applied = signing.loads(request.POST.get("undo", ""), salt=SALT, max_age=UNDO_S)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused("nothing_to_undo", TOO_LATE) from error
    if person != request.user.pk:
        raise Refused("nothing_to_undo", TOO_LATE)
    return [(str(pk), int(number)) for pk, number in applied]
