"""The library, its rows, and the filter that an address asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import preferences
from transcripts import access
from transcripts.selectors import library
from transcripts.selectors.uploads.batches import unfinished
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from accounts.models import User
    from transcripts.views.requests import SignedInRequest

# What the page asks for again, by the id of the element.
PARTS = {"library-list": "_partials/library_list.html", "library-rail": "_partials/library_rail.html"}
LONGEST_ID = 19
LONGEST_CURSOR = 400
LONGEST_SLUG = 60


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def library_page(request: SignedInRequest) -> HttpResponse:
    """Show the library, or only its list if the page asks to refresh that."""
    page = library.page(request.user, filters_of(request))
    part = PARTS.get(request.htmx.target or "")
    context: dict[str, Any] = {"page": page, "rail": page.rail, "sorts": library.SORTS}
    if part and not request.htmx.history_restore_request:
        return render(request, part, context)
    context |= {
        "states": library.STATES,
        "batches": unfinished(request.user),
        "missing": accounts.missing(for_administrators=request.user.is_staff),
    }
    return render(request, "pages/library.html", context)


@require_safe
@login_required
def recording_row(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show one row as it is now."""
    row = library.row(request.user, recording_id)
    return render(request, "recording_row.jinja", {"row": row}, using="jinja2")


def filters_of(request: SignedInRequest) -> library.Filters:
    """Read the filters of the address."""
    return filters_from(request.GET, request.user)


def filters_from(asked: QueryDict, user: User) -> library.Filters:
    """Read filters as an address has them; without a team they are of the one that the person switched to."""
    state, sort = asked.get("state", "all"), asked.get("sort", "newest")
    return library.Filters(
        state=state if state in library.STATES else "all",
        title=asked.get("q", "").strip()[:200],
        team=asked.get("team", "")[:LONGEST_SLUG] if "team" in asked else _own_team(user),
        folder=_number(asked.get("folder", "")),
        tag=_number(asked.get("tag", "")),
        sort=sort if sort in library.SORTS else "newest",
        after=asked.get("after", "")[:LONGEST_CURSOR],
        before=asked.get("before", "")[:LONGEST_CURSOR],
    )


def _number(text: str) -> int | None:
    """Read the id of a folder or tag; what is none narrows nothing."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else None


def _own_team(user: User) -> str:
    """Return the team that the library begins with: the one that the person switched to, if it is still theirs."""
    chosen: str = preferences.of(user)["team"]
    return chosen if chosen and access.teams_of(user).filter(slug=chosen).exists() else ""
