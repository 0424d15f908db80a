"""What others shared with a person: who did, what the person can do with it, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Membership
from transcripts.access.sharing import grants_to
from transcripts.models import Recording
from transcripts.models.choices import GrantLevel

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Grant


@dataclass(frozen=True, slots=True)
class SharedBy:
    """How a person has a recording that none of their teams owns. `until` is None if it doesn't end."""

    names: list[str]
    level: GrantLevel
    until: datetime | None


def shared_by(user: User, recording_ids: Collection[UUID]) -> dict[UUID, SharedBy]:
    """Return, for those of the recordings that no team of the person owns, who shared them."""
    others = Recording.objects.filter(pk__in=recording_ids).exclude(
        team__in=Membership.objects.filter(user=user).values("team")
    )
    folders = dict(others.values_list("pk", "folder"))
    shared = Q(recording__in=folders) | Q(folder__in={one for one in folders.values() if one})
    found = list(grants_to(user).filter(shared).select_related("created_by").order_by("created_at"))
    grants = {
        pk: [one for one in found if one.recording_id == pk or (folder and one.folder_id == folder)]
        for pk, folder in folders.items()
    }
    return {pk: _together(given) for pk, given in grants.items() if given}


def _together(grants: list[Grant]) -> SharedBy:
    """Return what several grants of one recording give: the highest level, until the last of them ends."""
    order = GrantLevel.values
    ends = [grant.expires_at for grant in grants if grant.expires_at]
    return SharedBy(
        names=list(dict.fromkeys(str(grant.created_by) for grant in grants if grant.created_by)),
        level=GrantLevel(max((grant.level for grant in grants), key=order.index)),
        until=max(ends) if len(ends) == len(grants) else None,
    )
