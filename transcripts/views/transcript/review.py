"""The review of a transcript: its status, who reviews it by when, and claimed stretches."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.document.plain import storable
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.review.header import review_of
from transcripts.services.errors import Refused
from transcripts.services.transcript.review import approval, assignments, claims, state, status
from transcripts.views.refusals import as_problem, shown_on_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.models import Transcript
    from transcripts.views.requests import SignedInRequest

UNREADABLE = "This can't be read. Reload the page and try again."


@require_safe
@login_required
def transcript_review(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show the parts of the header that tell of the review."""
    return render(request, "_partials/review.html", {"review": review_of(request.user, transcript_id)})


@require_POST
@login_required
def transcript_status(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Give a transcript the status `to`. To approve it, `seq` is the last change the page has.

    `doubts` is how many doubtful words the person was asked about; without it a form is asked on a page of its own.
    """
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    if not request.accepts("text/html"):
        return _answered(transcript, lambda: _move(request, transcript))
    with shown_on_page(request):
        try:
            _move(request, transcript)
        except approval.AsksAboutDoubts as asked:
            context = {"transcript": transcript, "asked": asked, "seq": _number(request, "seq")}
            return render(request, "pages/approve.html", context)
    return redirect(transcript)


def _move(request: SignedInRequest, transcript: Transcript) -> None:
    to = request.POST.get("to", "")
    if to not in TranscriptStatus.values:
        raise Refused("malformed", UNREADABLE)
    if to == TranscriptStatus.APPROVED:
        seq, doubts = _number(request, "seq"), _number(request, "doubts")
        approval.approve(transcript, actor=request.user, seq=seq, known_doubts=doubts)
    else:
        status.move(transcript, TranscriptStatus(to), actor=request.user)


@require_POST
@login_required
def transcript_assignment(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Ask `assignee` to review the transcript by `due_on`; no one if `assignee` is empty."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)

    def assign() -> None:
        if not request.POST.get("assignee"):
            assignments.unassign(transcript, actor=request.user)
            return
        due_on = _date(request.POST.get("due_on", ""))
        assignments.assign(transcript, _number(request, "assignee"), due_on=due_on, actor=request.user)

    if not request.accepts("text/html"):
        return _answered(transcript, assign)
    with shown_on_page(request):
        assign()
    return redirect(transcript)


@require_POST
@login_required
@as_problem
def transcript_claims(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Claim the segments from `from` to `to` for the person."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.EDIT)
    keys = [storable(request.POST.get(name, ""))[:36] for name in ("from", "to")]
    claims.claim(transcript, keys[0], keys[1], actor=request.user)
    return JsonResponse({"review": state.described(transcript.pk)})


@require_POST
@login_required
@as_problem
def claim_renew(request: SignedInRequest, transcript_id: UUID, claim_id: int) -> HttpResponse:
    """Hold one's claim for longer."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.EDIT)
    claims.renew(transcript, claim_id, actor=request.user)
    return JsonResponse({"review": state.described(transcript.pk)})


@require_POST
@login_required
@as_problem
def claim_release(request: SignedInRequest, transcript_id: UUID, claim_id: int) -> HttpResponse:
    """Release one's claim, or that of another if the person manages the team."""
    claims.release(access.get_claim(request.user, transcript_id, claim_id), actor=request.user)
    return JsonResponse({"review": state.described(transcript_id)})


@as_problem
def _answered(transcript: Transcript, act: Callable[[], None]) -> HttpResponse:
    act()
    return JsonResponse({"review": state.described(transcript.pk)})


def _number(request: SignedInRequest, name: str) -> int:
    """Return a number that the form has, 0 without one."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("bad_date", "Enter the date as year, month and day.") from error
