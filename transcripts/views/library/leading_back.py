"""Where a person goes after what they did: to the view of the library that was open, if it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from transcripts.views.requests import SignedInRequest


def library_of(request: SignedInRequest) -> str:
    """Return the view of the library that was open, its filters included; empty if another page was."""
    path = request.htmx.current_url_abs_path or ""
    return path if path.partition("?")[0] == reverse("library") else ""
