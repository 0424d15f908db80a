"""The page of sharing, which is also what the dialog on the page of a transcript shows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.adapter import public_url
from transcripts.models import Folder, FolderLink
from transcripts.models.choices import ShareLevel
from transcripts.selectors.sharing import page as selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from transcripts.models import Recording, Share, Transcript
    from transcripts.views.requests import SignedInRequest


def address_for(request: SignedInRequest) -> Callable[[Share | FolderLink], str]:
    """Return what gives the full address of a link."""
    base = public_url(request).rstrip("/")

    def address(link: Share | FolderLink) -> str:
        if isinstance(link, FolderLink):
            return base + reverse("guest_folder", args=[link.token])
        return base + reverse("captions" if link.level == ShareLevel.CAPTIONS else "guest", args=[link.token])

    return address


def target_of(shown: Transcript | Folder) -> Recording | Folder:
    """Return what is shared with the page: the recording of a transcript, or a folder."""
    return shown if isinstance(shown, Folder) else shown.recording


def answer(request: SignedInRequest, shown: Transcript | Folder, tab: str) -> HttpResponse:
    """Show one of the tabs, in place of the part that asked for it or as a page."""
    is_part = request.htmx.target == "share"
    address = address_for(request)
    if isinstance(shown, Folder):
        page = selector.page_of_folder(request.user, shown, tab, address)
    else:
        page = selector.page_of(request.user, shown, tab, address)
    if request.method == "POST" and not is_part:
        return redirect(f"{page.here}?{urlencode({'tab': tab})}")
    context = {
        "page": page,
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
