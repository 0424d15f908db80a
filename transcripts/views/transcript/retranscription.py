"""Re-transcription, and the decisions where it differs from what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.selectors import retranscription
from transcripts.services.pipeline.retranscription import retranscribe, said_wishes
from transcripts.services.provider_accounts import selection, wishes
from transcripts.services.transcript import conflicts
from transcripts.views.refusals import as_problem, shown_on_page
from transcripts.views.uploads.choices import said_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.models import Conflict
    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def transcript_retranscribe(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Transcribe the whole recording again, as before or as the form says: provider, language, speakers."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        account = request.POST.get("account")
        retranscribe(
            transcript,
            actor=request.user,
            wishes=wishes.read(said_in(request.POST), said_wishes(transcript)),
            language=request.POST.get("language"),
            account=selection.chosen(account, transcript.recording.team_id) if account else None,
        )
    return redirect(transcript)


@require_POST
@login_required
def transcript_speakers(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Transcribe the recording again with as many speakers as a person counts; corrections are kept."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        counted = wishes.read(said_in(request.POST), said_wishes(transcript))
        retranscribe(transcript, actor=request.user, wishes=counted)
        return redirect(transcript.recording)
    return redirect(transcript)


@require_safe
@login_required
def transcript_retranscription(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Show only the part of the page that shows the status of the re-transcription."""
    state = retranscription.state_of(request.user, transcript_id)
    return render(request, "_partials/retranscription.html", {"state": state})


@require_POST
@login_required
def conflict_keep(request: SignedInRequest, transcript_id: UUID, conflict_id: int) -> HttpResponse:
    """Keep what is in the text."""
    return _decided(request, transcript_id, conflict_id, lambda conflict: conflicts.keep(conflict, actor=request.user))


@require_POST
@login_required
def conflict_take(request: SignedInRequest, transcript_id: UUID, conflict_id: int) -> HttpResponse:
    """Use the other words."""
    asked = request.POST.get("revision", "")
    revision = int(asked) if asked.isdigit() else 0
    return _decided(
        request,
        transcript_id,
        conflict_id,
        lambda conflict: conflicts.take(conflict, revision=revision, actor=request.user),
    )


def _decided(
    request: SignedInRequest, transcript_id: UUID, conflict_id: int, decide: Callable[[Conflict], None]
) -> HttpResponse:
    """Decide a conflict; answer JSON to a script that accepts it, and lead a form back to the page."""
    if not request.accepts("text/html"):
        return _answered(request, transcript_id, conflict_id, decide)
    conflict = access.get_conflict(request.user, transcript_id, conflict_id)
    with shown_on_page(request):
        decide(conflict)
    return redirect(conflict.segment.transcript)


@as_problem
def _answered(
    request: SignedInRequest, transcript_id: UUID, conflict_id: int, decide: Callable[[Conflict], None]
) -> HttpResponse:
    decide(access.get_conflict(request.user, transcript_id, conflict_id))
    return JsonResponse({"decided": conflict_id})
