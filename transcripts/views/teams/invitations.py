"""Invitations: those who manage a team send them, and anyone with the link accepts."""

from __future__ import annotations

import logging
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import attempts, invited, preferences
from accounts.adapter import public_url
from accounts.models import Role
from transcripts import access
from transcripts.services.errors import Refused
from transcripts.services.teams import invitations, joining
from transcripts.services.teams.roles import CAN
from transcripts.views.refusals import shown_on_page
from transcripts.views.teams import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from accounts.models import Invitation
    from transcripts.services.teams.invitations import Outcome
    from transcripts.views.requests import SignedInRequest

logger = logging.getLogger(__name__)

# What is said of the addresses with each outcome.
SENT = "Invited {}."
PROBLEMS = {
    "member": "Already in the team: {}.",
    "invited": "Already invited: {}. Send the invitation again below.",
    "invalid": "Not an e-mail address: {}.",
    "limited": "Had several mails within an hour, try again later: {}.",
}

# Of these the address can be corrected, or tried again later: they stay in the form.
KEPT = ("invalid", "limited")


@require_POST
@login_required
def invite(request: SignedInRequest, slug: str) -> HttpResponse:
    """Mail invitations; say what became of each address, and ask again for those that can't have one."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    typed, role = request.POST.get("emails", ""), request.POST.get("role", "")
    try:
        outcomes = invitations.invite(team, typed, role, actor=request.user, address=address_for(request))
    except Refused as refusal:
        return _ask_again(request, slug, typed, role, str(refusal))
    addresses = _by_result(outcomes)
    refused = {result: addresses.pop(result) for result in KEPT if result in addresses}
    _tell(request, addresses)
    if not refused:
        return redirect("team", slug)
    reasons = [PROBLEMS[result].format(get_text_list(kept, "and")) for result, kept in refused.items()]
    return _ask_again(request, slug, "\n".join(chain.from_iterable(refused.values())), role, " ".join(reasons))


def _ask_again(request: SignedInRequest, slug: str, emails: str, role: str, refusal: str) -> HttpResponse:
    """Lead back to the team, whose page shows what was typed and why no invitation was sent for it."""
    request.session[members.TYPED] = {"team": slug, "emails": emails, "role": role, "refusal": refusal}
    return redirect("team", slug)


@require_POST
@login_required
def link(request: SignedInRequest, slug: str) -> HttpResponse:
    """Create a link by which others join."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    names = ("role", "label", "domain", "places", "lifetime")
    with shown_on_page(request):
        wish = invitations.Link(**{name: request.POST.get(name, "")[:300] for name in names})
        invitations.create_link(team, wish, actor=request.user)
        messages.success(request, "Created the link. Copy it below.")
    return redirect("team", slug)


@require_POST
@login_required
def change(request: SignedInRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Revoke an invitation, send it again or let it last longer, whichever button was pressed."""
    team = access.get_team(request.user, slug, need=access.Level.MANAGE)
    with shown_on_page(request):
        if "revoke" in request.POST:
            invitations.revoke(team, invitation_id, actor=request.user)
            messages.success(request, "Revoked the invitation.")
        elif "send" in request.POST:
            sent = invitations.send_again(team, invitation_id, actor=request.user, address=address_for(request))
            messages.info(request, "Sent the invitation again." if sent else PROBLEMS["limited"].format("this address"))
        else:
            invitations.renew(team, invitation_id, actor=request.user)
            messages.success(request, "The invitation lasts two more weeks.")
    return redirect("team", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to anyone with the link; a signed-in person joins by pressing its button."""
    try:
        found = joining.get(token)
    except access.NotFound:
        return _unknown(request)
    try:
        joining.refuse_ended(found)
        if request.user.is_authenticated:
            return _of_person(request, found, token)  # type: ignore[arg-type]
    except Refused as refusal:
        return _ended(request, found, str(refusal))
    invited.remember(request, token)
    return render(request, "pages/invitation.html", _shown(request, found))


def _of_person(request: SignedInRequest, found: Invitation, token: str) -> HttpResponse:
    """Let a person join, or ask them whether they want to."""
    if joining.is_member(found.team, request.user):
        return _joined(request, found, f"You are in the team “{found.team}” already.")
    joining.refuse_person(found, request.user)
    if request.method == "POST":
        is_new = joining.accept(found, actor=request.user)
        return _joined(request, found, f"You joined the team “{found.team}”." if is_new else "")
    return render(request, "pages/invitation.html", _shown(request, found))


def _joined(request: SignedInRequest, found: Invitation, sentence: str) -> HttpResponse:
    invited.forget(request)
    if sentence:
        messages.success(request, sentence)
    preferences.change(request.user, {"team": found.team.slug})  # what one joins one works in
    return redirect("team", found.team.slug)


def _ended(request: HttpRequest, found: Invitation, sentence: str) -> HttpResponse:
    """Say why an invitation lets this person in no more; one who is in the team already goes there."""
    if request.user.is_authenticated and joining.is_member(found.team, request.user):
        return _joined(request, found, f"You are in the team “{found.team}” already.")  # type: ignore[arg-type]
    return render(request, "pages/invitation_ended.html", {"sentence": sentence}, status=410)


def _unknown(request: HttpRequest) -> HttpResponse:
    """Answer a token that no invitation has; beyond a limit of such, without looking."""
    if not attempts.can_guess(request, "invitation"):
        logger.warning("Too many unknown invitations were asked for from one address")
        return render(request, "429.html", status=429)
    sentence = "No invitation has this address. Check the link, or ask the person who sent it to you for a new one."
    return render(request, "pages/invitation_ended.html", {"sentence": sentence}, status=404)


def _shown(request: HttpRequest, found: Invitation) -> dict[str, object]:
    back = {"next": request.path}
    named = {"email": found.email} if found.email and request.path.endswith(f"/{found.mail_token}/") else {}
    return {
        "invitation": found,
        "can": CAN[Role(found.role)],
        "signup_url": f"{reverse('account_signup')}?{urlencode({**back, **named})}",
        "login_url": f"{reverse('account_login')}?{urlencode(back)}",
    }


def address_for(request: HttpRequest) -> Callable[[str], str]:
    """Return what makes the full address of an invitation of its token, whatever Host the request claimed."""
    own = public_url(request).rstrip("/")
    return lambda token: own + reverse("invitation", args=[token])


def _by_result(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in outcomes:
        found.setdefault(one.result, []).append(one.address)
    return found


def _tell(request: SignedInRequest, addresses: Mapping[str, list[str]]) -> None:
    for result, found in addresses.items():
        names = get_text_list(found, "and")
        if result == "sent":
            messages.success(request, SENT.format(names))
        else:
            messages.warning(request, PROBLEMS[result].format(names))
