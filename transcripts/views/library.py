"""The library and its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import preferences
from transcripts import access
from transcripts.selectors import library
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def library_page(request: SignedInRequest) -> HttpResponse:
    """Show the library, or only its list if the page asks to refresh that."""
    page = library.page(request.user, filters_of(request))
    if request.htmx.target == "library-list" and not request.htmx.history_restore_request:
        return render(request, "_partials/library_list.html", {"page": page})
    context = {
        "page": page,
        "states": library.STATES,
        "missing": accounts.missing(for_administrators=request.user.is_staff),
    }
    return render(request, "pages/library.html", context)


@require_safe
@login_required
def recording_row(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show one row as it is now."""
    row = library.row(request.user, recording_id)
    return render(request, "_partials/recording_row.html", {"row": row})


def filters_of(request: SignedInRequest) -> library.Filters:
    """Read the filters of the address."""
    asked = request.GET
    state = asked.get("state", "all")
    return library.Filters(
        state=state if state in library.STATES else "all",
        title=asked.get("q", "").strip()[:200],
        team=asked["team"] if "team" in asked else _own_team(request),
        before=asked.get("before", ""),
    )


def _own_team(request: SignedInRequest) -> str:
    """Return the team that the library begins with: the one that the person switched to, if it is still theirs."""
    chosen: str = preferences.of(request.user)["team"]
    return chosen if chosen and access.teams_of(request.user).filter(slug=chosen).exists() else ""
