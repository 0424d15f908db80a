"""The search: its page, and all that one recording has."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from transcripts import access
from transcripts.document.plain import storable
from transcripts.selectors import library
from transcripts.selectors.search import page, scope
from transcripts.selectors.search.choices import choices
from transcripts.services.provider_accounts import options

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

# What is in progress or failed has no words yet
STATES = [state for state in library.STATES if state not in ("working", "failed")]
# No identifier is larger in any database.
LARGEST_ID = 2**63 - 1


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def search_page(request: SignedInRequest) -> HttpResponse:
    """Show what was found, or only the results if the page asks for those."""
    filters = filters_of(request)
    context = {
        "page": page.page(request.user, filters),
        "choices": choices(request.user, filters),
        "offer": options.offer(),
    }
    if request.htmx.target == "search-results" and not request.htmx.history_restore_request:
        return render(request, "_partials/search_results.html", context)
    return render(request, "pages/search.html", context)


@require_safe
@login_required
def search_moments(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show all that was found in one recording."""
    filters = filters_of(request)
    recording = access.get_recording(request.user, recording_id)
    found = page.more(request.user, filters, recording_id)
    context = {"moments": found, "href": page.address_of(recording), "recording": recording}
    return render(request, "_partials/search_moments.html", context)


def filters_of(request: SignedInRequest) -> scope.Filters:
    """Read the filters of the address; what makes no sense counts as not given."""
    asked = {name: storable(request.GET[name]).strip() for name in request.GET}
    return scope.Filters(
        text=asked.get("q", "")[:2_000],
        state=asked["state"] if asked.get("state") in STATES else "all",
        team=asked.get("team", "")[:100],
        folder=_number(asked.get("folder", "")),
        tag=_number(asked.get("tag", "")),
        speaker=asked.get("speaker", "")[:120],
        language=asked.get("language", "")[:35],
        since=_date(asked.get("since", "")),
        until=_date(asked.get("until", "")),
        order=asked["order"] if asked.get("order") in scope.ORDERS else "newest",
        is_exact=asked.get("exact") == "1",
        before=asked.get("before", "")[:100],
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
