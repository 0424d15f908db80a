"""Links for guests: created, changed, opened with a password, revoked."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from transcripts import access, clock, events
from transcripts.document.plain import one_line
from transcripts.models import Share
from transcripts.models.choices import ShareLevel
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.sharing import terms
from transcripts.services.sharing.targets import shareable

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import datetime
    from typing import Any
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.models import Recording
    from transcripts.models.sharing import Link

# How long a link lives, by the name of the choice; None for ever.
LIFETIMES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30), "open": None}


RENEWED_FOR = timedelta(days=7)
MOST_LINKS, MOST_A_DAY = 100, 200
TOKEN_BYTES = 32

TOO_MANY_LINKS = f"A recording can have {MOST_LINKS} links. Revoke those that you no longer need."
TOO_MANY_A_DAY = f"You can create {MOST_A_DAY} links a day. Create the others tomorrow."


@dataclass(frozen=True, slots=True)
class Options:
    """What a link opens and for how long; the fields are those of `Share`."""

    level: str = ShareLevel.VIEW
    label: str = ""
    expires_at: datetime | None = None
    allows_text: bool = False
    allows_audio: bool = False
    from_ms: int | None = None
    until_ms: int | None = None
    shows_initials: bool = False
    is_approved_only: bool = False
    opens_text: bool = False


def share_captions(recording: Recording, *, actor: User, lifetime: str, password: str = "") -> Share:
    """Create a captions link; without a password anyone with the link can read."""
    lasts = LIFETIMES.get(lifetime, LIFETIMES["day"])
    expires_at = clock.now() + lasts if lasts else None
    return create(recording, Options(level=ShareLevel.CAPTIONS, expires_at=expires_at), actor=actor, password=password)


def create(recording: Recording, options: Options, *, actor: User, password: str = "") -> Share:
    """Create a link; without a password anyone with it gets in. Raises Refused."""
    # A hash takes long on purpose, so not while the lock is held
    hashed = make_password(password) if password else ""
    with shareable(recording, actor) as recording:
        return create_in(recording, options, actor=actor, hashed=hashed)


def create_in(recording: Recording, options: Options, *, actor: User, hashed: str = "") -> Share:
    """Create a link inside of `shareable`. Raises Refused."""
    terms.link_level(options.level)
    _refuse_flood(recording, actor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = Share(recording=recording, token=token, password=hashed, created_by=actor, **asdict(options))
    share.label = one_line(share.label)[:120]
    terms.check(share)
    share.save(force_insert=True)
    _record("share:made", share, actor)
    return share


def change(recording: Recording, share_id: UUID, *, actor: User, **changes: object) -> Share:
    """Give a link other options, named as in `Options`. Raises Refused, and then changes nothing."""
    with shareable(recording, actor) as recording:
        share = link_in(recording.pk, share_id)
        for name, value in changes.items():
            setattr(share, name, value)
        share.label = one_line(share.label)[:120]
        terms.link_level(share.level)
        terms.check(share)
        share.save(update_fields=[*changes])
        _record("share:changed", share, actor)
    return share


def set_password(recording: Recording, share_id: UUID, password: str, *, actor: User) -> Share:
    """Set, change or, if it is empty, remove the password. Guests who knew the earlier one are asked again."""
    hashed = make_password(password) if password else ""
    with shareable(recording, actor) as recording:
        share = link_in(recording.pk, share_id)
        share.password = hashed
        share.save(update_fields=["password"])
        _record("share:password_set" if password else "share:password_removed", share, actor)
    return share


def renew(recording: Recording, share_id: UUID, *, actor: User) -> Share:
    """Let a link work for a week from now, with the address it has."""
    return change(recording, share_id, actor=actor, expires_at=clock.now() + RENEWED_FOR)


@transaction.atomic
def revoke(share: Share, *, actor: User) -> None:
    """Revoke a link; guests who use it are disconnected within seconds.

    Its row stays, for it says who opened it and, in the history, who changed what.
    """
    if Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=clock.now()):
        _record("share:revoked", share, actor)


def link_in(recording_id: UUID, share_id: UUID) -> Share:
    """Return a link of a recording that the caller got from `access`, an expired one too."""
    own = Share.objects.filter(recording=recording_id, folder_link=None)
    share = own.select_related("recording").filter(pk=share_id, revoked_at=None).first()
    if share is None:
        raise access.NotFound
    return share


def of(recording: Recording) -> QuerySet[Share]:
    """The valid links of a recording, the latest first."""
    return access.open_shares().filter(recording=recording, folder_link=None).order_by("-created_at")


def _record(verb: str, share: Share, actor: User) -> None:
    """Record what happened to a link, and tell the pages of the team; its label may be an address, so it stays out."""
    activities.record(verb, share.recording, actor=actor, share=str(share.pk), level=share.level)
    events.publish("recording.changed", share.recording)


def _refuse_flood(recording: Recording, actor: User) -> None:
    """Refuse links without end: each address that one is mailed to may be a stranger's."""
    day_ago = clock.now() - timedelta(days=1)
    if Share.objects.filter(recording=recording, folder_link=None, revoked_at=None).count() >= MOST_LINKS:
        raise Refused("share_too_many", TOO_MANY_LINKS)
    if Share.objects.filter(created_by=actor, folder_link=None, created_at__gt=day_ago).count() >= MOST_A_DAY:
        raise Refused("share_too_many", TOO_MANY_A_DAY)


def open_with(share: Link, password: str, session: MutableMapping[str, Any]) -> bool:
    """Let the guest of this session in if the password is right. The caller limits attempts."""
    if not check_password(password, share.password):
        return False
    session[_key(share)] = _proof(share)
    return True


def is_open_to(share: Link, session: MutableMapping[str, Any]) -> bool:
    """Tell whether the guest of this session needs no password any more.

    A link that one to a folder made asks for the password of that.
    """
    asks = gate_of(share)
    return not asks.password or secrets.compare_digest(str(session.get(_key(asks), "")), _proof(asks))


def gate_of(share: Link) -> Link:
    """Return the link that lets guests in: the one to the folder, for those that it made."""
    return share.folder_link if isinstance(share, Share) and share.folder_link else share


def _key(share: Link) -> str:
    return f"share:{share.pk}"


def _proof(share: Link) -> str:
    """Says that the password was known, and ends with it."""
    return salted_hmac("transcripts.sharing", share.password).hexdigest()
