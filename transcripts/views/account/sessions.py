"""A person's sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.self_service import sessions
from transcripts import access

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest


@require_POST
@login_required
def end(request: SignedInRequest, sign_in_id: int) -> HttpResponse:
    """Sign out one other session. Its sockets close within five seconds."""
    if not sessions.end(request.user, sign_in_id, current_key=request.session.session_key):
        raise access.NotFound
    messages.success(request, "Signed out that session.")
    return redirect("account")


@require_POST
@login_required
def end_others(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere else."""
    count = sessions.end_others(request.user, current_key=request.session.session_key)
    messages.success(request, f"Signed out {count} other {'session' if count == 1 else 'sessions'}.")
    return redirect("account")
