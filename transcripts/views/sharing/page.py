"""The page of sharing, which is also what the dialog on the page of a transcript shows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.adapter import public_url
from transcripts.models.choices import ShareLevel
from transcripts.selectors.sharing import page as selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from transcripts.models import Share, Transcript
    from transcripts.views.requests import SignedInRequest


def address_for(request: SignedInRequest) -> Callable[[Share], str]:
    """Return what gives the full address of a link."""
    base = public_url(request).rstrip("/")

    def address(share: Share) -> str:
        is_captions = share.level == ShareLevel.CAPTIONS
        return base + (reverse("captions", args=[share.token]) if is_captions else f"/s/{share.token}/")

    return address


def answer(request: SignedInRequest, transcript: Transcript, tab: str) -> HttpResponse:
    """Show one of the tabs, in place of the part that asked for it or as a page."""
    is_part = request.htmx.target == "share"
    if request.method == "POST" and not is_part:
        return redirect(f"{reverse('transcript_share', args=[transcript.pk])}?{urlencode({'tab': tab})}")
    context = {
        "page": selector.page_of(request.user, transcript, tab, address_for(request)),
        # A whole page shows what was said of it where all pages do
        "is_part": is_part,
        "zone": settings.TIME_ZONE,
        "from_ms": _ms(request, "from"),
        "until_ms": _ms(request, "until"),
    }
    return render(request, "_partials/share.html" if is_part else "pages/share.html", context)


def _ms(request: SignedInRequest, name: str) -> int | None:
    """Return a time that the page suggests for a new link: that of the selected text."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
