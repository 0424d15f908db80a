"""What a person asks for: an act on many recordings, and to take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from transcripts import clock, queue
from transcripts.models import BulkAct, BulkItem
from transcripts.models.library.bulk_choices import ACTIVE_BULK, BulkStatus
from transcripts.services.bulk import verbs
from transcripts.services.bulk.pages import tell
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Recording

MOST_RECORDINGS = 10_000
MOST_WAITING = 5
UNDONE_WITHIN = timedelta(hours=24)
KEPT = timedelta(days=7)
CREATED_AT_A_TIME = 500

NONE = "None of these recordings is there any more. Select others."
TOO_MANY = f"At most {MOST_RECORDINGS:,} recordings can be changed together. Narrow the filter."
WAITING = "{count} of your acts are still in progress. Wait until one is done."
TOO_LATE = "This can’t be undone any more: it was done more than a day ago."
NOT_NOW = "This is undone already, or still in progress."


@transaction.atomic
def begin(
    actor: User, recordings: Sequence[Recording], *, verb: str, parameters: Mapping[str, object], client_id: UUID
) -> BulkAct:
    """Have a worker do this to recordings that the person can see; sent again, return what was begun. Raises Refused.

    Whether they can do it is asked for each recording when its turn comes. Raises KeyError for an unknown verb.
    """
    begun = BulkAct.objects.filter(actor=actor, client_id=client_id).first()
    if begun is not None:
        return begun
    checked = verbs.VERBS[verb].check(actor, parameters)
    _require(actor, recordings)
    now = clock.now()
    teams = {recording.team_id for recording in recordings}
    fields = {"verb": verb, "parameters": checked, "total": len(recordings)}
    fields |= {"undo_until": now + UNDONE_WITHIN, "expires_at": now + KEPT}
    fields["team_id"] = teams.pop() if len(teams) == 1 else None
    act, is_new = BulkAct.objects.get_or_create(actor=actor, client_id=client_id, defaults=fields)
    if is_new:
        # In one order, so that two acts on the same recordings lock them in the same one
        ordered = sorted(recordings, key=lambda recording: recording.pk)
        items = [BulkItem(act=act, recording=one, title=one.title) for one in ordered]
        BulkItem.objects.bulk_create(items, batch_size=CREATED_AT_A_TIME)
        queue.wake_bulk_act(act.pk)
        tell(act)
    return act


@transaction.atomic
def undo(act: BulkAct) -> None:
    """Have a worker take back what an act did. Raises Refused after a day, and if that was asked for already."""
    if act.undo_until < clock.now():
        raise Refused("undo_too_late", TOO_LATE)
    is_new = Q(is_undo=False) | Q(status=BulkStatus.FAILED)
    mine = BulkAct.objects.filter(is_new, pk=act.pk).exclude(status=BulkStatus.RUNNING)
    if not mine.transition(BulkStatus.QUEUED, is_undo=True, kills=0, error_message="", finished_at=None):
        raise Refused("undo_not_now", NOT_NOW)
    queue.wake_bulk_act(act.pk)
    tell(act)


def remove_old() -> None:
    """Remove the rows of acts that can't be undone any more."""
    BulkAct.objects.filter(expires_at__lt=clock.now()).exclude(status__in=ACTIVE_BULK).delete()


def _require(actor: User, recordings: Sequence[Recording]) -> None:
    if not recordings:
        raise Refused("bulk_recordings", NONE)
    if len(recordings) > MOST_RECORDINGS:
        raise Refused("bulk_recordings", TOO_MANY)
    waiting = BulkAct.objects.filter(actor=actor, status__in=ACTIVE_BULK).count()
    if waiting >= MOST_WAITING:
        raise Refused("bulk_waiting", WAITING.format(count=waiting))
