"""People, and who is signed in."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import Membership, Role, Team, User
from tests import factories
from transcripts.models import Charge, ProviderAccount, Recording, Upload


@transaction.atomic
def clear() -> None:
    """Leave nothing but the schema; what a page sends while it leaves comes before or after."""
    Recording.objects.all().delete()
    Charge.objects.all().delete()
    ProviderAccount.objects.all().delete()
    Upload.objects.all().delete()
    Team.objects.all().delete()
    User.objects.all().delete()


def cast() -> None:
    """Make Alice, Erin, Vera and Charlie, and the account that new recordings go to."""
    factories.make_cast()
    factories.make_account()


def session(who: str) -> str:
    """Sign someone in; return what their browser's cookie holds."""
    user = User.objects.get(email=f"{who}@example.org")
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store.create()
    return str(store.session_key)


def second_step() -> None:
    """Make Dora, who has an authenticator app."""
    TOTP.activate(factories.make_user("Dora Dale"), generate_totp_secret())


def sign_out(who: str) -> None:
    """End all sessions of a person, as signing out of each does."""
    user = User.objects.get(email=f"{who}@example.org")
    for session in Session.objects.all():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def demote(who: str) -> None:
    """Let a person only read what the newsroom has."""
    Membership.objects.filter(user__email=f"{who}@example.org", team=team()).update(role=Role.VIEWER)


def team() -> Team:
    return Team.objects.get(slug="newsroom")
