"""What people do to a recording: each a POST that goes back to where it came from."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.selectors.operations.why import why
from transcripts.services.errors import Refused
from transcripts.services.pipeline import fair_queue, jobs
from transcripts.services.provider_accounts import wishes
from transcripts.services.recordings import titles, tracks, trash
from transcripts.views.library.leading_back import library_of
from transcripts.views.refusals import shown_on_page
from transcripts.views.uploads.choices import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.models import Recording
    from transcripts.views.requests import SignedInRequest

# Beyond Django's own levels: a deletion, which offers to be undone.
DELETED = 26


@require_POST
@login_required
def recording_rename(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Rename a recording; answer with the title alone if a part of a page asks."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.EDIT)
    titles.rename(recording, actor=request.user, title=request.POST.get("title", ""))
    if request.htmx.target == "naming":
        return render(request, "_partials/title.html", {"recording": recording, "may_edit": True})
    return _back(request, recording)


@require_POST
@login_required
def recording_delete(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Move a recording to the trash and offer to undo that."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    trash.delete(recording, actor=request.user)
    messages.add_message(request, DELETED, recording.title, extra_tags=str(recording.pk))
    return HttpResponseRedirect(library_of(request) or reverse("library"))


@require_POST
@login_required
def recording_restore(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Restore a recording from the trash, and say so."""
    recording = access.get_trashed(request.user, recording_id)
    trash.restore(recording, actor=request.user)
    messages.success(request, f"Restored “{recording.title}”.")
    return HttpResponseRedirect(library_of(request) or reverse("library"))


@require_POST
@login_required
def recording_purge(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Delete a recording in the trash permanently, without waiting until its time is over."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.MANAGE, in_trash=True)
    trash.purge(recording, actor=request.user)
    messages.success(request, f"Deleted “{recording.title}” permanently.")
    return HttpResponseRedirect(library_of(request) or f"{reverse('library')}?state=trash")


@require_POST
@login_required
def recording_retry(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Make a transcript again: the same way, or with the language and number of speakers that the form names."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    language = request.POST.get("language")
    with shown_on_page(request), _saying_what_for(recording):
        if language is None:
            jobs.retry(recording, actor=request.user)
        else:
            chosen = wishes.read(said_in(request.POST), wishes.of_latest(recording))
            jobs.start(recording, actor=request.user, language=language, wishes=chosen)
    newest = recording.transcripts.order_by("-created_at").first()
    return redirect(newest) if newest is not None and "transcript" in request.POST else _back(request, recording)


@contextmanager
def _saying_what_for(recording: Recording) -> Iterator[None]:
    """Say of a recording that waits what it waits for, as its page and the console do."""
    try:
        yield
    except Refused as refusal:
        if refusal.code != "waiting":
            raise
        raise Refused(refusal.code, " ".join([str(refusal), *why(recording)])) from None


@require_POST
@login_required
def recording_tracks(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Transcribe the audio tracks that a person chose, in a new transcript."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    numbers = {int(number) for number in request.POST.getlist("track") if number.isdecimal()}
    with shown_on_page(request):
        tracks.choose_tracks(recording, actor=request.user, numbers=numbers)
    return _back(request, recording)


@require_POST
@login_required
def recording_cancel(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Stop what works on a recording."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    jobs.cancel_all(recording, actor=request.user)
    return _back(request, recording)


@require_POST
@login_required
def recording_first(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Let a recording that waits go before others of its team."""
    recording = access.get_recording(request.user, recording_id, need=access.Level.DECIDE)
    with shown_on_page(request):
        fair_queue.put_first(recording, actor=request.user)
    return _back(request, recording)


def _back(request: SignedInRequest, recording: Recording) -> HttpResponse:
    return HttpResponseRedirect(library_of(request)) if library_of(request) else redirect(recording)
