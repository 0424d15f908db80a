"""Sign-up, sign-in and mail, as allauth's adapter."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import get_text_list

from accounts import attempts, invited, outbox
from accounts.clients import address_of
from accounts.models import Team
from accounts.signup import rules as signup

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

WAYS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Opens sign-up by a setting, creates personal teams, and limits password guessing."""

    _attempt: attempts.Attempt | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether this visitor can create an account: anyone, if sign-up is open, else who was invited.

        `clean_email` narrows it further.
        """
        return signup.is_open() or (signup.admits_invited() and invited.admits(request))

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Return whether an address needs no mail to verify it: its owner came by one already."""
        return bool(super().is_email_verified(request, email)) or invited.proves(request, email)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """Return where a person goes who confirmed their address: to the invitation that brought them, if one did."""
        usual: str = super().get_email_verification_redirect_url(email_address)
        return invited.address_of(self.request) or usual

    def clean_email(self, email: str) -> str:
        """Refuse addresses of other domains at sign-up without an invitation, if it is open to some domains only."""
        cleaned: str = super().clean_email(email)
        match = self.request.resolver_match if self.request else None
        if not match or match.url_name != "account_signup" or invited.admits(self.request):
            return cleaned
        if signup.domains() and not signup.is_open_for(cleaned):
            raise ValidationError(f"Use an address of {get_text_list(signup.domains(), 'or')}.")
        return cleaned

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """Store the user, their name and their personal team together."""
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit=commit)
        Team.objects.make_personal(saved, is_approved=False)
        return saved

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client address that allauth's rate limits count by."""
        return address_of(request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Name the ways to confirm who is at the keyboard; their addresses keep where the person was going."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": WAYS.get(method["id"], method["description"])} for method in methods]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Raises ValidationError if there were too many."""
        try:
            self._attempt = attempts.begin(request, credentials.get("email", ""))
        except attempts.TooManyAttempts as refusal:
            raise ValidationError(str(refusal)) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password; a right one doesn't count as an attempt."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and self._attempt is not None:
            self._attempt.forgive()
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password of a signed-in person.

        A right one that was hashed as earlier versions did is hashed anew, which must not end the session.
        """
        is_right: bool = super().reauthenticate(user, password)
        if is_right:
            user.refresh_from_db(fields=["password"])
            self.request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        return is_right

    def _rollback_login_failed_rl_usage(self) -> None:
        """Do nothing: allauth's own count of failures is not used."""

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Remember the browser, so that guessing elsewhere doesn't lock out its user."""
        response: HttpResponse = super().post_login(request, user, **options)
        attempts.remember(request, response, user.email)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post a mail whose links begin with our own address, whatever Host the request claimed.

        Strangers can't fill someone's mailbox: beyond a few mails an hour nothing more is sent.
        """
        if not attempts.can_mail(template_prefix, email):
            logger.warning(
                "No further mail %s: its recipient had %s within an hour", template_prefix, attempts.BY_RECIPIENT.count
            )
            return
        own = urlsplit(public_url(self.request))
        links = {
            name: urlunsplit((own.scheme, own.netloc, *urlsplit(value)[2:]))
            for name, value in context.items()
            if name.endswith("_url") and isinstance(value, str)
        }
        site = SimpleNamespace(name="Verbatim", domain=own.netloc)
        about = {"request": self.request, "email": email, "current_site": site}
        mail = self.render_mail(template_prefix, email, {**about, **context, **links})
        outbox.post(email, str(mail.subject), str(mail.body))


def public_url(request: HttpRequest) -> str:
    """Return the address that links begin with: PUBLIC_URL, else the host of the request with the configured port.

    Only the name of a Host header is checked against ALLOWED_HOSTS, never its port.
    """
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    host = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{settings.PORT}"
