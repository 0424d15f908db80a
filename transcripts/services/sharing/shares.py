"""Links for guests: made, opened with a password, revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from transcripts import access, clock
from transcripts.models import Share
from transcripts.models.choices import ShareLevel
from transcripts.services import activities

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.models import Recording

# How long a link lives, by the name of the choice; None for ever.
LIFETIMES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30), "open": None}


@transaction.atomic
def share_captions(recording: Recording, *, actor: User, lifetime: str, password: str = "") -> Share:
    """Create a captions link; without a password anyone with the link can read."""
    lasts = LIFETIMES.get(lifetime, LIFETIMES["day"])
    share = Share.objects.create(
        recording=recording,
        level=ShareLevel.CAPTIONS,
        token=secrets.token_urlsafe(24),
        password=make_password(password) if password else "",
        created_by=actor,
        expires_at=clock.now() + lasts if lasts else None,
    )
    activities.record("share:made", recording, actor=actor, level=share.level)
    return share


@transaction.atomic
def revoke(share: Share, *, actor: User) -> None:
    """Revoke a link; guests who use it are disconnected within seconds."""
    Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=clock.now())
    activities.record("share:revoked", share.recording, actor=actor, level=share.level)


def of(recording: Recording) -> QuerySet[Share]:
    """The valid links of a recording, the latest first."""
    return access.open_shares().filter(recording=recording).order_by("-created_at")


def open_with(share: Share, password: str, session: MutableMapping[str, Any]) -> bool:
    """Let the guest of this session in if the password is right. The caller limits attempts."""
    if not check_password(password, share.password):
        return False
    session[_key(share)] = _proof(share)
    return True


def is_open_to(share: Share, session: MutableMapping[str, Any]) -> bool:
    """Tell whether the guest of this session needs no password any more."""
    return not share.password or secrets.compare_digest(str(session.get(_key(share), "")), _proof(share))


def _key(share: Share) -> str:
    return f"share:{share.pk}"


def _proof(share: Share) -> str:
    """Says that the password was known, and ends with it."""
    return salted_hmac("transcripts.sharing", share.password).hexdigest()
