"""Whom an identity of a provider signs in.

1. The account it is linked to.
2. Else the account with its address, if the provider says that the address is verified and vouches for its domain
   (OIDC_PROVIDERS), and the account's address is verified here too. It is linked then.
3. Else, if there is such an account, no one: its person signs in and links the identity on the page of their account.
4. Else a new account, if the address is verified, and either the provider vouches for its domain or sign-up is open.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Membership, Role, Team, User
from accounts.oidc.provider import CheckFailed
from accounts.signup import rules as signup

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.oidc.configuration import Domain, IdentityProvider

logger = logging.getLogger(__name__)

UNVERIFIED = "{name} hasn’t verified your e-mail address. Verify it there, then sign in again."
TAKEN = "There is an account with your address. Sign in to it, then link {name} on the page of your account."
CANCELLED = "Signing in with {name} was cancelled."
FAILED = "{name} couldn’t sign you in. Try again, or ask an administrator: the reason is in the log."


class OidcAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Links identities to accounts by the rule above."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link the identity to an account that exists, or refuse it."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        provider = provider_of(sociallogin.account.provider)
        email = verified_email(sociallogin)
        if not email:
            raise _refused(request, UNVERIFIED, provider.name)
        user = User.objects.filter(email=email).first()
        if user is None:
            return
        is_ours = EmailAddress.objects.filter(user=user, email=email, verified=True).exists()
        if provider.domain_of(email) is None or not is_ours:
            raise _refused(request, TAKEN, provider.name)
        with transaction.atomic():
            sociallogin.connect(request, user)
            _join(user, provider.domain_of(email))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return whether this identity can have a new account."""
        email = verified_email(sociallogin)
        provider = provider_of(sociallogin.account.provider)
        return bool(email) and (provider.domain_of(email) is not None or signup.is_open_for(email))

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Store a new account, its personal team, and its membership of the team that its domain joins."""
        claims = sociallogin.account.get_provider_account().get_user_data() or {}
        sociallogin.user.email = verified_email(sociallogin)
        sociallogin.user.name = str(claims.get("name") or "")[:150]
        user: User = super().save_user(request, sociallogin, form)
        domain = provider_of(sociallogin.account.provider).domain_of(user.email)
        Team.objects.make_personal(user, is_approved=domain is not None)
        _join(user, domain)
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Return to the page of the account."""
        return reverse("account")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Say what happened in our words; the reason, which has no secrets in it, is for the log."""
        if error == AuthError.CANCELLED:
            raise _refused(request, CANCELLED, provider.name)
        reason = str(exception) if isinstance(exception, CheckFailed) else type(exception).__name__
        logger.warning("Sign-in with %s failed: %s", provider.sub_id, reason)
        raise _refused(request, FAILED, provider.name)


def provider_of(provider_id: str) -> IdentityProvider:
    """Return a provider by its id. Raises KeyError."""
    found: dict[str, IdentityProvider] = {one.id: one for one in settings.OIDC}
    return found[provider_id]


def verified_email(sociallogin: Any) -> str:
    """Return the address that the provider verified; empty if it verified none."""
    claims = sociallogin.account.get_provider_account().get_user_data() or {}
    is_verified = claims.get("email_verified") in (True, "true")
    return str(claims.get("email") or "").lower() if is_verified else ""


def _join(user: User, domain: Domain | None) -> None:
    """Make the person a member of their domain's team, once: who was removed later isn't added again."""
    team = Team.objects.filter(slug=domain.team_slug).first() if domain and domain.team_slug else None
    if team and domain:
        Membership.objects.get_or_create(team=team, user=user, defaults={"role": Role(domain.role)})


def _refused(request: HttpRequest, message: str, name: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(
        render(request, "account/oidc_refused.html", {"sentence": message.format(name=name)}, status=403)
    )
