"""The trash of a team as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from transcripts import access
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

EMPTY = "The trash is empty already."


@require_POST
@login_required
def trash_empty(request: SignedInRequest, slug: str) -> HttpResponse:
    """Delete permanently what is in the trash of a team, without waiting until its time is over."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    count = trash.empty(team, actor=request.user)
    said = f"Emptied the trash: {count:,} recording{'' if count == 1 else 's'} will be gone in a minute."
    messages.success(request, said if count else EMPTY)
    return HttpResponseRedirect(f"{reverse('library')}?team={team.slug}&state=trash")
