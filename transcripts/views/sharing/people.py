"""Sharing with people and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.adapter import public_url
from transcripts import access
from transcripts.services.sharing import grants, terms
from transcripts.views.refusals import shown_on_page
from transcripts.views.sharing.page import address_for, answer, target_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.models import Folder, Transcript
    from transcripts.views.requests import SignedInRequest

# What is said of the names with each outcome.
DONE = {"granted": "Shared with {}.", "mailed": "Mailed a link of their own to {}."}
PROBLEMS = {
    "yourself": "You have access already: {}.",
    "invalid": "No team of yours and no e-mail address: {}.",
    "limited": "Had several mails within an hour, try again later: {}.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def transcript_share(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show whom a transcript is shared with; share it with those who are entered."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    return share(request, transcript)


@require_POST
@login_required
def share_grant(request: SignedInRequest, transcript_id: UUID, grant_id: int) -> HttpResponse:
    """Change a grant, or revoke it."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    return change(request, transcript, grant_id)


def share(request: SignedInRequest, shown: Transcript | Folder) -> HttpResponse:
    """Answer what is asked of a transcript or a folder that the caller got from `access`."""
    if request.method != "POST":
        return answer(request, shown, request.GET.get("tab", ""))
    with shown_on_page(request):
        _share(request, shown)
    return answer(request, shown, "people")


def change(request: SignedInRequest, shown: Transcript | Folder, grant_id: int) -> HttpResponse:
    """Change or revoke a grant of something that the caller got from `access`."""
    target = target_of(shown)
    with shown_on_page(request):
        if "revoke" in request.POST:
            grants.revoke(target, grant_id, actor=request.user)
            messages.success(request, "Revoked. Open pages close within seconds.")
        else:
            grants.change(target, grant_id, _wish(request), actor=request.user)
            messages.success(request, "Saved.")
    return answer(request, shown, "people")


def _share(request: SignedInRequest, shown: Transcript | Folder) -> None:
    page = public_url(request).rstrip("/") + shown.get_absolute_url()
    places = grants.Places(page, address_for(request))
    names = request.POST.get("with", "")
    outcomes = grants.share(target_of(shown), names, _wish(request), actor=request.user, places=places)
    for result, said in (DONE | PROBLEMS).items():
        if named := [one.name[:100] for one in outcomes if one.result == result]:
            tell = messages.success if result in DONE else messages.error
            tell(request, said.format(get_text_list(named, "and")))


def _wish(request: SignedInRequest) -> grants.Terms:
    asked = request.POST
    return grants.Terms(asked.get("level", ""), terms.expiry(asked.get("expires", ""), asked.get("zone", "")))
