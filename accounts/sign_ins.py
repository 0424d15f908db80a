"""Sign-ins that outlive a request: whether the session that a socket was opened with still holds."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Collection


class SignIn(NamedTuple):
    """What a socket was opened with. It ends with the session, a new password, or the person's right to sign in."""

    session_key: str
    user_id: int
    auth_hash: str


def still_signed_in(asked: Collection[SignIn]) -> frozenset[SignIn]:
    """Return those that hold: the session has not ended, the password is the same, the account is not locked."""
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    keys = {one.session_key for one in asked}
    open_keys = set(
        sessions.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("session_key", flat=True)
    )
    people = User.objects.filter(pk__in={one.user_id for one in asked}, is_active=True)
    hashes = {person.pk: person.get_session_auth_hash() for person in people.only("pk", "password")}
    return frozenset(
        one
        for one in asked
        if one.session_key in open_keys and constant_time_compare(hashes.get(one.user_id, ""), one.auth_hash)
    )
