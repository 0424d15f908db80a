"""A person's sessions, and the identities that they sign in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.self_service import sessions
from transcripts import access
from transcripts.views.account.recent_sign_in import recent_sign_in_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

LAST_WAY = "Set a password first: otherwise you couldn’t sign in any more."


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


@require_POST
@login_required
@recent_sign_in_required
def unlink(request: SignedInRequest, identity_id: int) -> HttpResponse:
    """Unlink an identity, unless there would be no other way to sign in."""
    identity = SocialAccount.objects.filter(user=request.user, pk=identity_id).first()
    if identity is None:
        raise access.NotFound
    others = SocialAccount.objects.filter(user=request.user).exclude(pk=identity_id).exists()
    if not others and not request.user.has_usable_password():
        messages.error(request, LAST_WAY)
        return redirect("account")
    identity.delete()
    messages.success(request, "Unlinked.")
    return redirect("account")
