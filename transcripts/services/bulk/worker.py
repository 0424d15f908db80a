"""Doing a bulk act, and undoing it: in batches, by a worker that holds a lease.

Each batch is one transaction that changes recordings and notes what it did. So a worker can be killed between any two
lines: the next one continues with what no batch has noted.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import OperationalError, transaction
from django.db.models import F

from transcripts import access, clock
from transcripts.models import BulkAct, BulkItem
from transcripts.models.library.bulk_choices import BulkStatus, ItemOutcome, UndoOutcome
from transcripts.services.bulk import verbs
from transcripts.services.bulk.pages import tell
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from transcripts.models import Recording
    from transcripts.models.library.bulk import BulkActQuerySet
    from transcripts.services.bulk.verbs import Verb

logger = logging.getLogger(__name__)

# Renewed with each batch, which takes a second or two.
LEASE = timedelta(seconds=30)
BATCH = 25
MOST_KILLS = 5

GONE = "It was deleted, or you no longer have access to it."
UNFORESEEN = "It failed for an unexpected reason. An administrator can find it in the log."
DIED = "The worker crashed several times. What was done is listed here and can be undone."


class LostLease(Exception):
    """The act was given to another worker."""


def run(act_id: UUID) -> None:
    """Do an act, or undo it, unless another worker does or did."""
    waiting = BulkAct.objects.filter(pk=act_id)
    if not waiting.transition(BulkStatus.RUNNING, fence=F("fence") + 1, lease_until=clock.now() + LEASE):
        return
    act = BulkAct.objects.select_related("actor").get(pk=act_id)
    try:
        while _batch(act):
            pass
        _end(act)
    except LostLease:
        logger.info("Bulk act %s was given to another worker", act.pk)
    except OperationalError as error:
        # A busy database: its lease runs out, and it continues
        logger.warning("Bulk act %s was interrupted: %s", act.pk, type(error).__name__)


def queued() -> list[UUID]:
    """Ids of the acts that no worker has begun."""
    waiting = BulkAct.objects.filter(status=BulkStatus.QUEUED).order_by("created_at")
    return list(waiting.values_list("pk", flat=True)[:100])


def recover_expired() -> None:
    """Queue acts again whose worker died; end one that killed too many."""
    lapsed = BulkAct.objects.filter(status=BulkStatus.RUNNING, lease_until__lt=clock.now())
    for act in lapsed.select_related("actor"):
        mine = lapsed.filter(pk=act.pk, fence=act.fence)
        if act.kills + 1 < MOST_KILLS:
            mine.transition(BulkStatus.QUEUED, lease_until=None, kills=F("kills") + 1)
        elif mine.transition(BulkStatus.FAILED, lease_until=None, error_message=DIED, finished_at=clock.now()):
            tell(act)


@transaction.atomic
def _batch(act: BulkAct) -> bool:
    """Do what is next; False if nothing is left. Raises LostLease."""
    # The row stays locked until the batch is noted: no other worker does the same
    if not _mine(act).update(lease_until=clock.now() + LEASE):
        raise LostLease
    items = list(_left(act).order_by("pk")[:BATCH])
    verb = verbs.VERBS[act.verb]
    step = _undo if act.is_undo else _do
    for item in items:
        step(act, item, verb)
    BulkItem.objects.bulk_update(items, ["before", "after", "outcome", "undo_outcome", "message"])
    if items:
        tell(act, _teams_of(items) if verb.is_quiet else ())
    return bool(items)


def _left(act: BulkAct) -> QuerySet[BulkItem]:
    if act.is_undo:
        return act.items.filter(outcome=ItemOutcome.DONE, undo_outcome="")
    return act.items.filter(outcome="")


def _do(act: BulkAct, item: BulkItem, verb: Verb) -> None:
    """Do it to one recording, and note what was done or why not."""
    try:
        with transaction.atomic():
            change = verb.do(_recording(act, item), act.parameters, act.actor)
        item.outcome = ItemOutcome.DONE if change else ItemOutcome.UNCHANGED
        item.before, item.after = change or ({}, {})
    except OperationalError:
        raise
    except Exception as error:
        item.outcome, item.message = ItemOutcome.REFUSED, _said(error, act)


def _undo(act: BulkAct, item: BulkItem, verb: Verb) -> None:
    """Take it back from one recording, and note that, or what keeps it as it is."""
    try:
        with transaction.atomic():
            verb.undo(_recording(act, item, in_trash=verb.leads_to_trash), item.before, item.after, act.actor)
        item.undo_outcome = UndoOutcome.UNDONE
    except OperationalError:
        raise
    except Exception as error:
        item.undo_outcome, item.message = UndoOutcome.KEPT, _said(error, act)


def _recording(act: BulkAct, item: BulkItem, *, in_trash: bool = False) -> Recording:
    """Return the recording, if the person can decide about it now. Raises access.NotFound and access.NotAllowed."""
    if item.recording_id is None or not act.actor.is_active:
        raise access.NotFound
    try:
        return access.get_recording(act.actor, item.recording_id, need=access.Level.DECIDE, in_trash=in_trash)
    except access.NotFound:
        if in_trash and access.recordings_of(act.actor).filter(pk=item.recording_id).exists():
            raise Refused("changed_since", verbs.RESTORED) from None
        raise


def _said(error: Exception, act: BulkAct) -> str:
    if isinstance(error, access.NeedsSecondStep | access.NotAllowed | Refused):
        return str(error)[:300]
    if isinstance(error, access.NotFound):
        return GONE
    logger.error("Bulk act %s failed for a recording", act.pk, exc_info=error)
    return UNFORESEEN


def _teams_of(items: list[BulkItem]) -> set[int]:
    done = [item.pk for item in items if item.outcome == ItemOutcome.DONE]
    teams = BulkItem.objects.filter(pk__in=done, recording__isnull=False).values_list("recording__team", flat=True)
    return {team for team in teams if team is not None}


def _mine(act: BulkAct) -> BulkActQuerySet:
    return BulkAct.objects.filter(pk=act.pk, fence=act.fence, status=BulkStatus.RUNNING)


@transaction.atomic
def _end(act: BulkAct) -> None:
    status = BulkStatus.UNDONE if act.is_undo else BulkStatus.DONE
    if not _mine(act).transition(status, lease_until=None, finished_at=clock.now()):
        raise LostLease
    tell(act)
