"""The page of a guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.models.choices import ShareLevel
from transcripts.selectors import live
from transcripts.selectors.guests import page
from transcripts.selectors.guests.text import NotApproved, transcript_of
from transcripts.services.sharing import guests, shares
from transcripts.views.guests.entering import ask_password, private, show_gone
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from transcripts.models import Share

# So many segments are in the page itself; the editor has all of them from its data.
FIRST = 40


@require_http_methods(["GET", "HEAD", "POST"])
def guest_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what a link opens, after its password; members are led to the page of their own."""
    return private(_answer(request, token))


def _answer(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        share = access.get_share(token)
    except access.NotFound:
        return show_gone(request)
    if leads_home := _own_page(request, share):
        return leads_home
    if not shares.is_open_to(share, request.session):
        if share.folder_link:
            return redirect("guest_folder", share.folder_link.token)
        return ask_password(request, share, opens="guest")
    if request.method == "POST":
        return redirect("guest", token)
    if share.level == ShareLevel.CAPTIONS and live.has_open_session(share.recording):
        return redirect("captions", token)
    return _transcript(request, share)


def _own_page(request: HttpRequest, share: Share) -> HttpResponseBase | None:
    """Lead those who may see the recording anyway to their own page, unless they want to see what guests see."""
    if not request.user.is_authenticated or "preview" in request.GET:
        return None
    if share.level == ShareLevel.CAPTIONS or not access.allows(request.user, share.recording, access.Level.VIEW):
        return None
    newest = share.recording.transcripts.order_by("-created_at").first()
    return redirect(newest or share.recording)


def _transcript(request: HttpRequest, share: Share) -> HttpResponseBase:
    guest = guests.guest_of(share, request.session)
    if access.level_on(guest, share.recording) is None:
        return show_gone(request)
    if request.method != "HEAD":
        guests.record_opening(guest, request.session, request.headers.get("User-Agent", ""))
    try:
        reading = page.read(guest, transcript_of(share))
    except NotApproved:
        return render(request, "pages/guest_waiting.html", {"recording": share.recording, "is_approved_only": True})
    except access.NotFound:
        return render(request, "pages/guest_waiting.html", {"recording": share.recording})
    if reading.level >= access.Level.COMMENT:
        get_token(request)  # what the page sends later needs it
    context = {
        "reading": reading,
        "share": share,
        "recording": share.recording,
        "transcript": reading.transcript,
        "lines": reading.lines(FIRST),
        "editor": page.editor_data(reading),
        "can_open": _can_open(request, share),
    }
    return render(request, "pages/guest_transcript.html", context)


def _can_open(request: HttpRequest, share: Share) -> bool:
    """Tell whether the person can open the recording without the link."""
    user = request.user
    return user.is_authenticated and access.allows(user, share.recording, access.Level.VIEW)


@require_POST
def guest_name(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the name that a guest writes under."""
    try:
        share = access.get_share(token)
    except access.NotFound:
        return private(show_gone(request))
    guest = guests.guest_of(share, request.session)
    is_in = shares.is_open_to(share, request.session)
    if is_in and (access.level_on(guest, share.recording) or 0) >= access.Level.COMMENT:
        with shown_on_page(request):
            guests.introduce(
                share, request.POST.get("name", ""), request.session, request.headers.get("User-Agent", "")
            )
    return private(redirect("guest", token))
