"""Which process holds a live session: taken for a page, renewed every few seconds, lost to another process."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import connection, transaction
from django.db.models import F

from transcripts import clock, events
from transcripts.models import LiveSession
from transcripts.models.choices import LiveStatus
from transcripts.services.live import slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.models.live import LiveSessionQuerySet


LEASE = timedelta(seconds=9)


# The session ended; the page itself holds it by another connection; another page does.
Lost = Literal["over", "again", "elsewhere"]


HOLDABLE = (LiveStatus.STARTING, LiveStatus.LIVE)


# A holder's name is made anew whenever a session is taken, so it says which hold is meant.
RENEWAL = (
    f"UPDATE {LiveSession._meta.db_table} SET lease_until = %s, slot_until = %s, seen_at = %s, frames = %s "  # noqa: S608
    f"WHERE holder = %s AND status IN ('{LiveStatus.STARTING}', '{LiveStatus.LIVE}')"
)


class LostSession(Exception):
    """Another process holds the session now, or it ended; nothing this one writes counts."""


def take(session: LiveSession, *, page: str = "") -> LiveSession:
    """Hold the session in this process for a page, whichever page held it before: a person asked for that.

    One that begins needs a live slot; one that comes back is recorded without, if all are in use by then.
    Raises LostSession, or slots.NoSlot.
    """
    taken = _take(session, LiveSession.objects.all(), page)
    if taken is None:
        raise _not_taken(session)
    return taken


def resume(session: LiveSession, *, page: str) -> LiveSession | None:
    """Hold the session again for the page that held it last; None if another page does."""
    mine = LiveSession.objects.filter(holder__startswith=f"{page}:")
    return _take(session, mine, page) if page else None


def _take(session: LiveSession, among: LiveSessionQuerySet, page: str) -> LiveSession | None:
    now, holder = clock.now(), f"{page}:{uuid.uuid4().hex}"
    with transaction.atomic():
        slot_until = now + LEASE if slots.has_slot_for(session, now) else None
        open_one = among.filter(pk=session.pk, status__in=HOLDABLE)
        if slot_until is None:
            open_one = open_one.exclude(status=LiveStatus.STARTING)
        hold = {"holder": holder, "lease_until": now + LEASE, "slot_until": slot_until, "paused_at": None}
        if not open_one.update(**hold, fence=F("fence") + 1, seen_at=now):
            return None
        taken = LiveSession.objects.select_related("recording", "transcript", "account").get(pk=session.pk)
        # The process of the previous holder releases it immediately; should this get lost, its next renewal tells it
        events.publish_to_transcript(session.transcript_id, {"type": "taken", "fence": taken.fence})
        if session.paused_at or taken.status == LiveStatus.STARTING:
            events.publish_to_transcript(session.transcript_id, {"type": "resumed"})
            events.publish("recording.changed", taken.recording)
    LiveSession.objects.filter(pk=session.pk).transition(LiveStatus.LIVE)
    taken.status = LiveStatus.LIVE
    return taken


def why_lost(session: LiveSession, *, page: str = "") -> Lost:
    """Tell who has a session that a page's process does not hold any more."""
    now = LiveSession.objects.get(pk=session.pk)
    if now.status not in HOLDABLE:
        return "over"
    # Of two connections of one page the one it gave up may have come in last
    return "again" if now.holder.startswith(f"{page}:") or not now.holder else "elsewhere"


def _not_taken(session: LiveSession) -> Exception:
    waits = LiveSession.objects.filter(pk=session.pk, status=LiveStatus.STARTING).exists()
    return slots.NoSlot(session.account, session.account.live_limit) if waits else LostSession()


def take_slot(session: LiveSession) -> bool:
    """Take a live slot for a session that is held here; False if none is free, or it is held elsewhere now."""
    now = clock.now()
    with transaction.atomic():
        if not slots.has_slot_for(session, now) or not held(session).update(slot_until=now + LEASE):
            return False
    session.slot_until = now + LEASE
    return True


def release_slot(session: LiveSession) -> None:
    """Release the session's live slot; the session stays held."""
    session.slot_until = None
    held(session).update(slot_until=None)


@transaction.atomic
def renew_all(held: Sequence[tuple[LiveSession, int]]) -> frozenset[str]:
    """Continue to hold the sessions and their places, noting how many frames of each are safe.

    Return the holders that lost their session. One process may have two of the same session, of which one lost it.
    """
    moment = connection.ops.adapt_datetimefield_value
    now, until = moment(clock.now()), moment(clock.now() + LEASE)
    # Always in one order, so that two processes never wait for each other
    in_order = sorted(held, key=lambda one: one[0].pk)
    rows = [(until, until if session.slot_until else None, now, frames, session.holder) for session, frames in in_order]
    # One statement for all, prepared once: hundreds of updates by the ORM would keep the event loop waiting
    with connection.cursor() as cursor:
        cursor.executemany(RENEWAL, rows)
    holders = [session.holder for session, _ in held]
    still = set(LiveSession.objects.filter(holder__in=holders, status__in=HOLDABLE).values_list("holder", flat=True))
    return frozenset(holders) - still


def held(session: LiveSession) -> LiveSessionQuerySet:
    """Return the session, as long as this holder has it: every write of a holder goes through this."""
    return LiveSession.objects.filter(pk=session.pk, fence=session.fence, holder=session.holder, status__in=HOLDABLE)
