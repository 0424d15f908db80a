"""Live captions for guests: links are made on the live page, read without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.selectors import live
from transcripts.services.sharing import shares
from transcripts.views.guests.entering import ask_password, private, show_gone

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from transcripts.models import LiveSession
    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def share(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """Make a link for captions; answer with all links of the session."""
    session = access.get_live_session(request.user, session_id, need=access.Level.DECIDE)
    asked = request.POST
    shares.share_captions(
        session.recording,
        actor=request.user,
        lifetime=asked.get("lifetime", ""),
        password=asked.get("password", "")[:200],
    )
    return _links(request, session)


@require_POST
@login_required
def unshare(request: SignedInRequest, session_id: UUID, share_id: UUID) -> HttpResponse:
    """Revoke a captions link."""
    session = access.get_live_session(request.user, session_id, need=access.Level.DECIDE)
    shares.revoke(access.share_in(session.recording_id, share_id), actor=request.user)
    return _links(request, session)


def _links(request: SignedInRequest, session: LiveSession) -> HttpResponse:
    context = {"session": session, "shares": shares.of(session.recording)}
    return render(request, "_partials/live_links.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def captions(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show live captions to anyone with the link and, if it has one, its password.

    After the session the link leads to the transcript if it says so, and to nothing otherwise.
    """
    try:
        link = access.get_share(token)
    except access.NotFound:
        return show_gone(request)
    # Captions are all that is said, as it is said
    if link.shows_less and live.has_open_session(link.recording):
        return show_gone(request)
    if not shares.is_open_to(link, request.session):
        return private(ask_password(request, link, opens="captions"))
    if not live.has_open_session(link.recording):
        return redirect("guest", token) if link.opens_text else show_gone(request)
    session = link.recording.live_session
    context = {
        "share": link,
        "recording": link.recording,
        "is_open": True,
        "paused_at": session.paused_at,
    }
    return private(render(request, "pages/captions.html", {**context, **live.for_guests(session)}))
