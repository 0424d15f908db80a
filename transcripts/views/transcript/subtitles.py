"""The subtitles of a transcript for its page, and faults that people accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_POST, require_safe

from transcripts import access
from transcripts.document.plain import storable
from transcripts.selectors.subtitles import described
from transcripts.services.exports import subtitles
from transcripts.views.refusals import as_problem

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_safe
@login_required
@as_problem
def transcript_subtitles(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Return the cues and their faults by `profile`; without it, by that of the team's last export."""
    return JsonResponse(described(request.user, transcript_id, request.GET.get("profile", "")))


@require_POST
@login_required
@as_problem
def subtitle_fault(request: SignedInRequest, transcript_id: UUID) -> HttpResponse:
    """Accept the faults of a cue as they are, or count them again if `on` is "no"."""
    transcript = access.get_transcript(request.user, transcript_id, need=access.Level.EDIT)
    profile, key, digest = (storable(request.POST.get(name, ""))[:64] for name in ("profile", "key", "digest"))
    if request.POST.get("on") == "no":
        subtitles.withdraw(transcript, profile, key, digest)
    else:
        subtitles.accept(transcript, profile, key, digest, actor=request.user)
    return JsonResponse({"accepted": request.POST.get("on") != "no"})
