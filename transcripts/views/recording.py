"""A recording's page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcripts import access, clock
from transcripts.selectors import recording
from transcripts.selectors.library import rows
from transcripts.services.provider_accounts import options
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
def recording_page(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show how a recording is being made into text, or how to take it out of the trash."""
    try:
        context = {"details": recording.details_of(request.user, recording_id), "offer": options.offer()}
    except access.NotFound:
        trashed = access.get_recording(request.user, recording_id, in_trash=True)
        kept_until = (trashed.deleted_at or clock.now()) + trash.KEPT
        context = {
            "recording": trashed,
            "kept_until": kept_until,
            "may_restore": rows.may_restore(request.user, trashed),
        }
        return render(request, "pages/recording_trashed.html", context, status=404)
    return render(request, "pages/recording.html", context)


@require_safe
@login_required
def recording_status(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Show only the part of the page that changes."""
    context = {"details": recording.details_of(request.user, recording_id), "offer": options.offer()}
    return render(request, "_partials/recording_status.html", context)


@require_safe
@login_required
def recording_answer(request: SignedInRequest, recording_id: UUID) -> HttpResponse:
    """Hand out what the provider answered, byte for byte; several slices become one JSON list."""
    job, answers = recording.latest_answer(request.user, recording_id)
    body = answers[0] if len(answers) == 1 else json.dumps([a.decode(errors="replace") for a in answers]).encode()
    response = HttpResponse(body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="answer-{job.pk}.json"'
    return response
