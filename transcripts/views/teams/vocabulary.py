"""The vocabulary of a team: its page, its terms as a table, and what pages of transcripts need of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts import access
from transcripts.selectors import vocabulary as selector
from transcripts.services import vocabulary
from transcripts.services.errors import Refused
from transcripts.views.refusals import as_problem, shown_on_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import QueryDict

    from transcripts.views.requests import SignedInRequest

LARGEST_TABLE = 1_000_000
TOO_LARGE = "This file is larger than 1 MB. Choose a smaller one."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def vocabulary_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the terms of a team, or add one."""
    if request.method != "POST":
        return render(request, "pages/vocabulary.html", {"page": selector.page_of(request.user, slug)})
    team = access.get_team(request.user, slug, need=access.Level.EDIT)
    with shown_on_page(request):
        added = vocabulary.add(team, _wish(request.POST), actor=request.user)
        messages.success(request, f"Added “{added}”.")
    return redirect("vocabulary", slug)


@require_POST
@login_required
def change(request: SignedInRequest, slug: str, term_id: int) -> HttpResponse:
    """Change a term, or remove it if that button was pressed."""
    team = access.get_team(request.user, slug, need=access.Level.EDIT)
    term = access.term_in(team, term_id)
    with shown_on_page(request):
        if "remove" in request.POST:
            vocabulary.remove(term)
            messages.success(request, f"Removed “{term}”.")
        else:
            vocabulary.change(term, _wish(request.POST))
    return redirect("vocabulary", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def as_csv(request: SignedInRequest, slug: str) -> HttpResponse:
    """Send the terms as a table, or take those of one."""
    if request.method != "POST":
        terms = selector.page_of(request.user, slug).terms
        response = HttpResponse(vocabulary.as_table(terms), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="vocabulary-{slug}.csv"'
        return response
    team = access.get_team(request.user, slug, need=access.Level.EDIT)
    with shown_on_page(request):
        count = vocabulary.take_table(team, _table(request), actor=request.user)
        messages.success(request, f"Imported {count} {'term' if count == 1 else 'terms'}.")
    return redirect("vocabulary", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@as_problem
def of_transcript(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Answer the terms of the transcript's team and what it corrected before, or add a term."""
    if request.method == "POST":
        transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
        vocabulary.add(transcript.recording.team, _wish(request.POST), actor=request.user)
    return JsonResponse(selector.known_to(request.user, transcript_id))


def _wish(form: QueryDict) -> vocabulary.Wish:
    said = {name: form.get(name, "") for name in ("term", "sounds_like", "note", "language")}
    return vocabulary.Wish(said["term"], said["sounds_like"], said["note"], language=said["language"])


def _table(request: SignedInRequest) -> bytes:
    file = request.FILES.get("table")
    if file is None or not file.size:
        raise Refused("csv", vocabulary.UNREADABLE)
    if file.size > LARGEST_TABLE:
        raise Refused("csv", TOO_LARGE)
    return bytes(file.read())
