"""Who may follow the feed of a transcript: asked every few seconds for all who do, so in a handful of queries."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import EDITING_ROLES
from accounts.second_step import factors
from transcripts.access.levels import LEVEL_OF_SHARE, Viewer
from transcripts.access.sharing import of_open_owner, open_grants, open_shares
from transcripts.models import Transcript
from transcripts.models.choices import ShareLevel
from transcripts.models.sharing import AS_IT_IS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    Followed = QuerySet[Transcript]

# A grant to a person is to no team, one to a team that requires two steps is for those who have them
OF_OPEN_TEAM = Q(team=None) | Q(team__requires_second_factor=False)


def viewers_of(transcript_ids: Collection[UUID]) -> dict[UUID, tuple[int, frozenset[Viewer]]]:
    """For each transcript, the number of its last change, and who may follow its feed."""
    followed = Transcript.objects.filter(pk__in=transcript_ids, recording__deleted_at=None)
    rows = list(followed.values_list("pk", "changes", "recording"))
    allowed: dict[UUID, set[Viewer]] = {pk: set() for pk, *_ in rows}
    for transcript_id, viewer in (*_members(followed), *_captions(allowed)):
        allowed[transcript_id].add(viewer)
    transcripts: dict[UUID, list[UUID]] = {}
    for pk, _, recording in rows:
        transcripts.setdefault(recording, []).append(pk)
    for recording, viewer in _others(transcripts):
        for pk in transcripts[recording]:
            allowed[pk].add(viewer)
    return {pk: (change, frozenset(allowed[pk])) for pk, change, _ in rows}


def _members(followed: Followed) -> Iterator[tuple[UUID, Viewer]]:
    members = "recording__team__memberships"
    team = followed.filter(recording__team__memberships__user__is_active=True).filter(
        Q(recording__team__requires_second_factor=False) | factors.exists_for(f"{members}__user")
    )
    fields = ("pk", "live_session__owner", f"{members}__user", f"{members}__role")
    for transcript_id, owner_id, user_id, role in team.values_list(*fields):
        yield transcript_id, ("user", user_id)
        if user_id == owner_id and role in EDITING_ROLES:
            yield transcript_id, ("speaker", user_id)


def _others(recordings: Collection[UUID]) -> Iterator[tuple[UUID, Viewer]]:
    """Yield recordings with those they are shared with, and with links to all that is said.

    The feed has the text as it is, so links that show less don't follow it.
    """
    in_folders = "folder__recordings"
    granted = (("recording", Q(recording__in=recordings)), (in_folders, Q(**{f"{in_folders}__in": recordings})))
    for (recording_of, are_these), to in itertools.product(granted, ("user", "team__memberships__user")):
        is_safe = of_open_owner() & OF_OPEN_TEAM | factors.exists_for(to)
        grants = open_grants().filter(are_these, is_safe, **{f"{to}__is_active": True})
        for recording, user in grants.values_list(recording_of, to):
            yield recording, ("user", user)
    whole = open_shares().filter(AS_IT_IS, level__in=LEVEL_OF_SHARE, recording__in=recordings)
    for recording, share in whole.values_list("recording", "pk"):
        yield recording, ("share", share)


def _captions(transcripts: Collection[UUID]) -> Iterator[tuple[UUID, Viewer]]:
    """Yield the transcripts of live sessions with the links to their captions."""
    live = "recording__live_session__transcript"
    captions = open_shares().filter(**{f"{live}__in": transcripts}, level=ShareLevel.CAPTIONS)
    for transcript_id, share in captions.values_list(live, "pk"):
        yield transcript_id, ("share", share)
