"""Filters of the library that a person saves, renames and removes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.services.library import saved_filters
from transcripts.views.library.page import filters_from
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def filter_save(request: SignedInRequest) -> HttpResponse:
    """Save the filter and the order that the form names, as the address of the library has them."""
    query = filters_from(QueryDict(request.POST.get("query", "")), request.user).query
    with shown_on_page(request):
        saved_filters.save(request.user, request.POST.get("name", ""), query)
    return _shown(query)


@require_POST
@login_required
def filter_rename(request: SignedInRequest, filter_id: int) -> HttpResponse:
    """Rename a saved filter."""
    saved = access.get_saved_filter(request.user, filter_id)
    with shown_on_page(request):
        saved_filters.rename(saved, request.POST.get("name", ""))
    return _shown(saved.query)


@require_POST
@login_required
def filter_remove(request: SignedInRequest, filter_id: int) -> HttpResponse:
    """Remove a saved filter; what it found stays on the page."""
    saved = access.get_saved_filter(request.user, filter_id)
    saved_filters.remove(saved)
    return _shown(saved.query)


def _shown(query: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('library')}?{query}")
