"""Acts on many recordings: begun with one request, followed, undone, and listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from transcripts import access
from transcripts.document.plain import storable
from transcripts.selectors.bulk import acts as selector
from transcripts.selectors.bulk import forms, selection
from transcripts.services.bulk import acts
from transcripts.services.bulk.verbs import VERBS
from transcripts.services.errors import Refused
from transcripts.views.bulk.exports import export
from transcripts.views.library.page import filters_of
from transcripts.views.refusals import as_problem, shown_on_page
from transcripts.views.requests import body_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.models import Recording
    from transcripts.views.requests import SignedInRequest

MALFORMED = "This act can’t be read. Reload the page, then try again."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bulk_acts(request: SignedInRequest) -> HttpResponse:
    """Show what the person did last; a POST begins an act, as JSON."""
    if request.method == "POST":
        return _begin(request)
    return render(request, "pages/bulk_acts.html", {"acts": selector.recent(request.user)})


@as_problem
def _begin(request: SignedInRequest) -> HttpResponse:
    """Begin an act on the recordings that are named, or on all that the filter in the address has."""
    asked = _asked(request)
    recordings = _recordings(request, asked)
    if asked["verb"] == "export":
        return JsonResponse({"href": export(request, recordings, asked["parameters"])})
    act = acts.begin(
        request.user, recordings, verb=asked["verb"], parameters=asked["parameters"], client_id=UUID(asked["client_id"])
    )
    return JsonResponse({"id": str(act.pk), "href": reverse("bulk_act", args=[act.pk])})


def _asked(request: SignedInRequest) -> dict[str, Any]:
    try:
        asked = json.loads(storable(body_of(request).decode()))
        UUID(asked["client_id"])
        is_known = asked["verb"] in VERBS or asked["verb"] == "export"
        parameters = {key: value for key, value in asked["parameters"].items() if isinstance(value, str | int)}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise Refused("malformed", MALFORMED) from None
    if not is_known:
        raise Refused("malformed", MALFORMED)
    return {**asked, "parameters": parameters}


def _recordings(request: SignedInRequest, asked: dict[str, Any]) -> list[Recording]:
    """Return what is selected; what the person can't see is not among it."""
    if asked.get("all") is True:
        found = selection.found(request.user, filters_of(request))
        return list(found.order_by()[: acts.MOST_RECORDINGS + 1])
    try:
        ids = {UUID(one) for one in asked.get("recordings", [])}
    except (ValueError, TypeError, AttributeError):
        raise Refused("malformed", MALFORMED) from None
    return list(selection.selected(request.user, ids)[: acts.MOST_RECORDINGS + 1])


@require_safe
@login_required
@vary_on_headers("HX-Request", "HX-Target")
def bulk_act(request: SignedInRequest, act_id: UUID) -> HttpResponse:
    """Show how far an act is and what became of it; the page asks again when it is told."""
    act = access.get_bulk_act(request.user, act_id)
    context = {"shown": selector.shown(act), "reasons": selector.reasons(act)}
    is_part = request.htmx.target == f"bulk-{act.pk}"
    return render(request, "_partials/bulk_act.html" if is_part else "pages/bulk_act.html", context)


@require_POST
@login_required
def bulk_undo(request: SignedInRequest, act_id: UUID) -> HttpResponse:
    """Take back what an act did; answer with the act alone if a part of a page asks."""
    act = access.get_bulk_act(request.user, act_id)
    with shown_on_page(request):
        acts.undo(act)
    return redirect("bulk_act", act.pk)


@require_safe
@login_required
def bulk_form(request: SignedInRequest, verb: str) -> HttpResponse:
    """Show what there is to choose for a verb."""
    if verb not in forms.FORMS:
        raise access.NotFound
    return render(request, "_partials/bulk_form.html", {"choices": forms.choices(request.user, verb)})


@require_safe
@login_required
def bulk_totals(request: SignedInRequest) -> HttpResponse:
    """Say how many recordings the filter in the address has, and how long they are."""
    return JsonResponse(selection.totals(request.user, filters_of(request)))
