"""Links of a recording: created, changed, renewed, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.services.errors import Refused
from transcripts.services.sharing import shares, terms
from transcripts.views.refusals import shown_on_page
from transcripts.views.sharing.page import answer

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from transcripts.models import Recording
    from transcripts.views.requests import SignedInRequest

LONGEST_PASSWORD = 200
CHECKS = ("allows_text", "allows_audio", "shows_initials", "is_approved_only", "opens_text")
NO_PASSWORD = "Enter the new password."
REMOVED = "Removed the password."
SAID = {
    "revoke": "Revoked the link. Guests who use it are disconnected within seconds.",
    "renew": "Renewed for a week.",
}


@require_POST
@login_required
def share_links(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Create a link."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    asked = request.POST
    with shown_on_page(request):
        options = shares.Options(**asked_options(asked), **_stretch(asked, transcript.recording))
        shares.create(transcript.recording, options, actor=request.user, password=asked_password(request))
        messages.success(request, "Created the link.")
    return answer(request, transcript, "links")


@require_POST
@login_required
def share_link(request: SignedInRequest, transcript_id: UUID, share_id: UUID) -> HttpResponse:
    """Change a link, renew it or revoke it, as `change` says."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        messages.success(request, _change(request, transcript.recording, share_id))
    return answer(request, transcript, "links")


def _change(request: SignedInRequest, recording: Recording, share_id: UUID) -> str:
    """Change a link; return what is said of it."""
    asked, actor = request.POST, request.user
    kind = asked.get("change", "")
    if kind == "revoke":
        shares.revoke(shares.link_in(recording.pk, share_id), actor=actor)
    elif kind == "renew":
        shares.renew(recording, share_id, actor=actor)
    elif kind == "password":
        shares.set_password(recording, share_id, asked_password(request, must=True), actor=actor)
    else:
        changes = _stretch(asked, recording) if kind == "stretch" else asked_options(asked)
        shares.change(recording, share_id, actor=actor, **changes)
    return said_of(request)


def said_of(request: SignedInRequest) -> str:
    """Return what is said once a link was changed as was asked."""
    if request.POST.get("change") == "password":
        return REMOVED if "remove" in request.POST else "Set the password. Guests are asked for it again."
    return SAID.get(request.POST.get("change", ""), "Saved.")


def asked_password(request: SignedInRequest, *, must: bool = False) -> str:
    """Return the password that was entered; empty to have none. Raises Refused if one `must` be entered, and isn't."""
    if "remove" in request.POST:
        return ""
    password = request.POST.get("password", "")[:LONGEST_PASSWORD]
    if must and not password:
        raise Refused("share_password", NO_PASSWORD)
    return password


def asked_options(asked: QueryDict) -> dict[str, Any]:
    """Return the options that a form has; the fields are those of `shares.Options`. Raises Refused."""
    checks = {name: name in asked for name in CHECKS}
    expires_at = terms.expiry(asked.get("expires", ""), asked.get("zone", ""))
    return {"level": asked.get("level", ""), "label": asked.get("label", ""), "expires_at": expires_at, **checks}


def _stretch(asked: QueryDict, recording: Recording) -> dict[str, Any]:
    begin, end = terms.stretch(asked.get("from", ""), asked.get("until", ""), recording.duration_ms)
    return {"from_ms": begin, "until_ms": end}
