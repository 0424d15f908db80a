"""The page of a person's own account: who they are, how they sign in, where they are signed in, and what is theirs."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.self_service import sessions
from transcripts import access
from transcripts.models import AccountExport
from transcripts.selectors.account import notifications

if TYPE_CHECKING:
    from django.http import HttpResponse

    from transcripts.views.requests import SignedInRequest

# Zones that are kept for old programs only have names of their own beside these.
REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific", "UTC")


@cache
def zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from: "Europe/Kyiv" as "Europe, Kyiv"."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in REGIONS)
    instance = f"As the instance ({settings.TIME_ZONE})"
    return [("", instance), *((name, name.replace("/", ", ").replace("_", " ")) for name in names)]


class ProfileForm(forms.ModelForm[User]):
    """What others see of a person, and how times are written for them."""

    class Meta:
        model = User
        fields = ("name", "time_zone")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Offer the zones that this machine knows."""
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["time_zone"] = forms.ChoiceField(choices=zones(), required=False, label="Time zone")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: SignedInRequest) -> HttpResponse:
    """Show a person's account, or change their name and time zone."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    return render(request, "pages/account.html", _context(request, form), status=422 if form.errors else 200)


def _context(request: SignedInRequest, form: ProfileForm) -> dict[str, Any]:
    user = request.user
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "form": form,
        "passkeys": [one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "identities": list(SocialAccount.objects.filter(user=user)),
        "requiring_teams": list(access.teams_that_require_second_step(user)),
        "sessions": sessions.of(user, request.session.session_key),
        "export": AccountExport.objects.filter(user=user).order_by("-created_at").first(),
        "has_mail": settings.HAS_MAIL,
        "wishes": notifications.wishes(user),
    }
