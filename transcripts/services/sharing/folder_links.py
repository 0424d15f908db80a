"""Links for guests to folders: created, changed, revoked; and the link to each recording that guests open there.

That is a `Share` like any other, with the options of the link to the folder. Whether it holds is asked of both, so a
recording that leaves the folder, and a link that is revoked, end it at once (`access.open_shares`).
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction

from transcripts import access, clock
from transcripts.document.plain import one_line
from transcripts.models import FolderLink, Share
from transcripts.models.choices import ShareLevel
from transcripts.services.errors import Refused
from transcripts.services.sharing import shares, targets, terms
from transcripts.services.sharing.targets import shareable

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Folder, Recording
    from transcripts.services.sharing.shares import Options

# What a link to a folder and those to its recordings have in common
SHARED = ("label", "level", "expires_at", "allows_text", "allows_audio", "shows_initials", "is_approved_only")
NO_CAPTIONS = "A folder has no live captions. Choose what guests can do: read, comment or edit."


def create(folder: Folder, options: Options, *, actor: User, password: str = "") -> FolderLink:
    """Create a link; without a password anyone with it gets in. Raises Refused."""
    hashed = make_password(password) if password else ""
    with shareable(folder, actor) as folder:
        return create_in(folder, options, actor=actor, hashed=hashed)


def create_in(folder: Folder, options: Options, *, actor: User, hashed: str = "") -> FolderLink:
    """Create a link inside of `shareable`. Raises Refused."""
    _refuse_flood(folder, actor)
    chosen = {name: value for name, value in asdict(options).items() if name in SHARED}
    link = FolderLink(
        folder=folder,
        token=secrets.token_urlsafe(shares.TOKEN_BYTES),
        password=hashed,
        created_by=actor,
        **chosen,
    )
    _check(link)
    link.save(force_insert=True)
    _record("share:made", link, actor)
    return link


def change(folder: Folder, link_id: UUID, *, actor: User, **changes: object) -> FolderLink:
    """Give a link other options, named as in `SHARED`. Raises Refused, and then changes nothing."""
    with shareable(folder, actor) as folder:
        link = link_in(folder, link_id)
        for name, value in changes.items():
            setattr(link, name, value)
        _check(link)
        link.save(update_fields=[*changes])
        # What guests have open shows it from now on
        link.shares.update(**{name: getattr(link, name) for name in changes})
        _record("share:changed", link, actor)
    return link


def set_password(folder: Folder, link_id: UUID, password: str, *, actor: User) -> FolderLink:
    """Set, change or, if it is empty, remove the password. Guests who knew the earlier one are asked again."""
    hashed = make_password(password) if password else ""
    with shareable(folder, actor) as folder:
        link = link_in(folder, link_id)
        link.password = hashed
        link.save(update_fields=["password"])
        _record("share:password_set" if password else "share:password_removed", link, actor)
    return link


def renew(folder: Folder, link_id: UUID, *, actor: User) -> FolderLink:
    """Let a link work for a week from now, with the address it has."""
    return change(folder, link_id, actor=actor, expires_at=clock.now() + shares.RENEWED_FOR)


def revoke(folder: Folder, link_id: UUID, *, actor: User) -> None:
    """Revoke a link; guests who use it are disconnected within seconds. Its row stays, for it says who opened it."""
    with shareable(folder, actor) as folder:
        link = link_in(folder, link_id)
        FolderLink.objects.filter(pk=link.pk).update(revoked_at=clock.now())
        _record("share:revoked", link, actor)


def link_in(folder: Folder, link_id: UUID) -> FolderLink:
    """Return a link of a folder that the caller got from `access`, an expired one too."""
    link = FolderLink.objects.select_related("folder__team").filter(folder=folder, pk=link_id, revoked_at=None).first()
    if link is None:
        raise access.NotFound
    return link


@transaction.atomic
def share_of(link: FolderLink, recording: Recording) -> Share:
    """Return the link to a recording of the folder, which it has from the first time that a guest opens it."""
    FolderLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    own = {name: getattr(link, name) for name in SHARED}
    share, _ = Share.objects.get_or_create(
        folder_link=link,
        recording=recording,
        defaults={**own, "token": secrets.token_urlsafe(shares.TOKEN_BYTES), "created_by": link.created_by},
    )
    return share


def _check(link: FolderLink) -> None:
    """Refuse what the options of a link exclude, as the constraints of its table do."""
    link.label = one_line(link.label)[:120]
    if terms.link_level(link.level) == ShareLevel.CAPTIONS:
        raise Refused("share_level", NO_CAPTIONS)
    terms.check(link)


def _record(verb: str, link: FolderLink, actor: User) -> None:
    targets.record(verb, link.folder, actor=actor, share=str(link.pk), level=link.level)
    targets.tell(link.folder)


def _refuse_flood(folder: Folder, actor: User) -> None:
    day_ago = clock.now() - timedelta(days=1)
    if FolderLink.objects.filter(folder=folder, revoked_at=None).count() >= shares.MOST_LINKS:
        raise Refused("share_too_many", shares.TOO_MANY_LINKS.replace("recording", "folder"))
    if FolderLink.objects.filter(created_by=actor, created_at__gt=day_ago).count() >= shares.MOST_A_DAY:
        raise Refused("share_too_many", shares.TOO_MANY_A_DAY)
