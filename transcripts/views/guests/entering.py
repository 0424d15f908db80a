"""How every request below `/s/TOKEN/` is let in: one decorator looks at the link, its password and the guest's name."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render

from accounts import attempts
from transcripts import access
from transcripts.selectors.guests.feed import as_guests_read
from transcripts.selectors.guests.text import NotApproved
from transcripts.services.errors import Refused
from transcripts.services.sharing import guests, shares
from transcripts.views.refusals import as_problem, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from transcripts.models.sharing import Link

WRONG_PASSWORD = "Wrong password. Check it, or ask the person who sent you the link."
GONE = "This link no longer works. Copy what you wrote, and ask the person who sent you the link for a new one."
LOCKED = "This link asks for its password. Open it again and enter the password."


def for_guests(
    *, need: access.Level = access.Level.VIEW
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let a guest in to a view that takes `request, guest, …` in place of the token; others get problem details.

    Who can comment or edit has given a name.
    """

    def decorated(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
            return private(_answer(view, need, request, token, kwargs))

        return answered

    return decorated


def _answer(
    view: Callable[..., HttpResponseBase], need: access.Level, request: HttpRequest, token: str, kwargs: dict[str, Any]
) -> HttpResponseBase:
    try:
        share = access.get_share(token)
    except access.NotFound:
        return problem(404, "not_found", GONE)
    if not shares.is_open_to(share, request.session):
        return problem(403, "link_locked", LOCKED)
    guest = guests.guest_of(share, request.session)
    if access.level_on(guest, share.recording) is None:
        return problem(404, "not_found", GONE)
    return as_problem(_checked)(view, need, request, guest, kwargs)  # type: ignore[arg-type]


def _checked(
    view: Callable[..., HttpResponseBase],
    need: access.Level,
    request: HttpRequest,
    guest: access.Guest,
    kwargs: dict[str, Any],
) -> HttpResponseBase:
    access.get_recording(guest, guest.share.recording_id, need=need)
    try:
        if need >= access.Level.COMMENT and not guest.name:
            raise Refused("no_guest_name", guests.NO_NAME)
        return view(request, guest, **kwargs)
    except NotApproved:
        raise access.NotFound from None
    except Refused as refusal:
        raise Refused(refusal.code, as_guests_read(str(refusal)), **refusal.more) from refusal


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep an answer out of caches and search engines, and the link out of the Referer of other sites."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # To this instance the Referer goes on: a form without any would be taken for a forgery
    response["Referrer-Policy"] = "same-origin"
    return response


def show_gone(request: HttpRequest) -> HttpResponseBase:
    """Say that a link opens nothing: an expired, a revoked and an unknown one look the same."""
    return render(request, "pages/guest_gone.html", status=404)


def ask_password(request: HttpRequest, link: Link, *, opens: str) -> HttpResponseBase:
    """Ask for the password of a link; the right one leads to the URL named `opens`."""
    sentence = ""
    if request.method == "POST":
        try:
            attempt = attempts.begin(request, f"share:{link.pk}")
            if shares.open_with(link, request.POST.get("password", ""), request.session):
                attempt.forgive()
                return redirect(opens, link.token)
            sentence = WRONG_PASSWORD
        except attempts.TooManyAttempts as refusal:
            sentence = str(refusal)
    return render(request, "pages/guest_password.html", {"sentence": sentence, "share": link, "opens": opens})
