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


@require_POST
@login_required
def share_links(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Create a link."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    asked = request.POST
    with shown_on_page(request):
        options = shares.Options(**_options(asked), **_stretch(asked, transcript.recording))
        password = asked.get("password", "")[:LONGEST_PASSWORD]
        shares.create(transcript.recording, options, actor=request.user, password=password)
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
        return "Revoked the link. Guests who use it are disconnected within seconds."
    if kind == "renew":
        shares.renew(recording, share_id, actor=actor)
        return "Renewed for a week."
    if kind == "password":
        return _set_password(request, recording, share_id)
    changes = _stretch(asked, recording) if kind == "stretch" else _options(asked)
    shares.change(recording, share_id, actor=actor, **changes)
    return "Saved."


def _set_password(request: SignedInRequest, recording: Recording, share_id: UUID) -> str:
    is_removed = "remove" in request.POST
    password = "" if is_removed else request.POST.get("password", "")[:LONGEST_PASSWORD]
    if not is_removed and not password:
        raise Refused("share_password", NO_PASSWORD)
    shares.set_password(recording, share_id, password, actor=request.user)
    return "Removed the password." if is_removed else "Set the password. Guests are asked for it again."


def _options(asked: QueryDict) -> dict[str, Any]:
    checks = {name: name in asked for name in CHECKS}
    expires_at = terms.expiry(asked.get("expires", ""), asked.get("zone", ""))
    return {"level": asked.get("level", ""), "label": asked.get("label", ""), "expires_at": expires_at, **checks}


def _stretch(asked: QueryDict, recording: Recording) -> dict[str, Any]:
    begin, end = terms.stretch(asked.get("from", ""), asked.get("until", ""), recording.duration_ms)
    return {"from_ms": begin, "until_ms": end}
