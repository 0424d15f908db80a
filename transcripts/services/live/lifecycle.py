"""The life of a live session: begun, held, written to, ended. Each verb is one transaction."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from transcripts import clock, events, queue
from transcripts.document.plain import one_line
from transcripts.models import Activity, LiveSession, Recording, Segment, Transcript
from transcripts.models.choices import LanguageSource, LiveStatus
from transcripts.services import activities, quotas
from transcripts.services.live import audio, gaps, minutes, slots
from transcripts.services.live import segments as live_segments
from transcripts.services.live.provisional import Provisional
from transcripts.services.provider_accounts import accounts, languages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Team, User
    from transcripts.models.live import LiveSessionQuerySet

LEASE = timedelta(seconds=9)
# Within this a process that holds a session learns that it ended, as it renews its lease.
REST = timedelta(seconds=6)
# A session that nobody came back to is ended, and what was said is kept.
FORGOTTEN_AFTER = timedelta(days=1)
# The session ended; the page itself holds it by another connection; another page does.
Lost = Literal["over", "again", "elsewhere"]
HOLDABLE = (LiveStatus.STARTING, LiveStatus.LIVE)
# A holder's name is made anew whenever a session is taken, so it says which hold is meant.
RENEWAL = (
    f"UPDATE {LiveSession._meta.db_table} SET lease_until = %s, place_until = %s, seen_at = %s, frames = %s "  # noqa: S608
    f"WHERE holder = %s AND status IN ('{LiveStatus.STARTING}', '{LiveStatus.LIVE}')"
)


class LostSession(Exception):
    """Another process holds the session now, or it ended; nothing this one writes counts."""


def start(*, owner: User, team: Team, title: str, language: str = "") -> LiveSession:
    """Begin a session: a recording with an empty transcript that fills.

    Raises processing.Refused or accounts.NoProvider, with a sentence for whoever wants to speak.
    """
    account = accounts.with_key(accounts.current_live())
    languages.refuse_unknown_live(account, language)
    slots.refuse_when_full(account)
    minutes.refuse_without(team)
    now = clock.now()
    title = one_line(title)[:255] or f"Live, {now:%-d %B %Y %H:%M}"
    with quotas.one_at_a_time(team):
        quotas.refuse_live(team, owner)
        recording = Recording.objects.create(
            team=team, owner=owner, title=title, filename=f"{title}.wav"[:255], language=language
        )
        transcript = Transcript.objects.create(
            recording=recording,
            language=language,
            language_source=LanguageSource.CHOSEN if language else "",
            provider=account.name,
            engine=account.engine,
            is_draft_engine=account.is_draft,
        )
        session = LiveSession.objects.create(
            recording=recording, transcript=transcript, account=account, owner=owner, seen_at=now
        )
        activities.record("live:started", recording, actor=owner)
        events.publish("recording.created", recording)
    return session


def take(session: LiveSession, *, page: str = "") -> LiveSession:
    """Hold the session in this process for a page, whichever page held it before: a person asked for that.

    One that begins needs a live place; one that comes back is recorded without, should all be taken meanwhile.
    Raises LostSession, or places.Full.
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
        place_until = now + LEASE if slots.room_for(session, now) else None
        open_one = among.filter(pk=session.pk, status__in=HOLDABLE)
        if place_until is None:
            open_one = open_one.exclude(status=LiveStatus.STARTING)
        hold = {"holder": holder, "lease_until": now + LEASE, "place_until": place_until, "paused_at": None}
        if not open_one.update(**hold, fence=F("fence") + 1, seen_at=now):
            return None
        taken = LiveSession.objects.select_related("recording", "transcript", "account").get(pk=session.pk)
        # The process of the holder before lets go at once; should this get lost, its next renewal tells it
        events.publish_live(session.pk, {"type": "taken", "fence": taken.fence})
        if session.paused_at or taken.status == LiveStatus.STARTING:
            events.publish_live(session.pk, {"type": "resumed"})
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
    return slots.Full(session.account, session.account.live_limit) if waits else LostSession()


def take_place(session: LiveSession) -> bool:
    """Take a live place for a session that is held here; False where there is none, or it is held elsewhere now."""
    now = clock.now()
    with transaction.atomic():
        if not slots.room_for(session, now) or not held(session).update(place_until=now + LEASE):
            return False
    session.place_until = now + LEASE
    return True


def leave_place(session: LiveSession) -> None:
    """Give the session's live place back; the session stays held."""
    session.place_until = None
    held(session).update(place_until=None)


@transaction.atomic
def renew_all(held: Sequence[tuple[LiveSession, int]]) -> frozenset[str]:
    """Continue to hold the sessions and their places, noting how many frames of each are safe.

    Return the holders that lost their session. One process may have two of the same session, of which one lost it.
    """
    moment = connection.ops.adapt_datetimefield_value
    now, until = moment(clock.now()), moment(clock.now() + LEASE)
    # Always in one order, so that two processes never wait for each other
    in_order = sorted(held, key=lambda one: one[0].pk)
    rows = [
        (until, until if session.place_until else None, now, frames, session.holder) for session, frames in in_order
    ]
    # One statement for all, prepared once: hundreds of updates by the ORM would keep the event loop waiting
    with connection.cursor() as cursor:
        cursor.executemany(RENEWAL, rows)
    holders = [session.holder for session, _ in held]
    still = set(LiveSession.objects.filter(holder__in=holders, status__in=HOLDABLE).values_list("holder", flat=True))
    return frozenset(holders) - still


def held(session: LiveSession) -> LiveSessionQuerySet:
    """Return the session, as long as this holder has it: every write of a holder goes through this."""
    return LiveSession.objects.filter(pk=session.pk, fence=session.fence, holder=session.holder, status__in=HOLDABLE)


def finish(
    session: LiveSession,
    *,
    is_whole: bool = False,
    because: str = "",
    by_its_holder: bool = False,
    only: Q | None = None,
) -> bool:
    """End the session: nothing more is taken, what was said is kept.

    False where it had ended before, or its holder lost it. Where somebody else than the process that holds it ends
    it, that one goes on writing what it acknowledges until it learns of it; the recording is put together after that,
    and the page is told to stop.

    `is_whole` says that the last words came. Where they did not, what follows the last that did is a gap; the gaps of
    a session are transcribed afterwards.
    `because` names the limit that ended it, if no person did. `only` must be true of it still.
    """
    end_ms = session.ms(audio.reached(LiveSession.objects.get(pk=session.pk))[0])
    with transaction.atomic():
        mine = held(session) if by_its_holder else LiveSession.objects.filter(only or Q(), pk=session.pk)
        now = clock.now()
        is_spoken = not by_its_holder and mine.filter(lease_until__gt=now).exists()
        rests_until = now + REST if is_spoken else None
        if not mine.transition(LiveStatus.FINISHING, holder="", lease_until=rests_until, place_until=None, seen_at=now):
            return False
        if is_spoken:
            events.publish_live(session.pk, {"type": "stop", "because": "", "sentence": "Somebody ended this session."})
        # Only now, as nothing is written any more.
        _conclude(LiveSession.objects.get(pk=session.pk), end_ms, is_whole=is_whole)
        recording = Recording.objects.get(pk=session.recording_id)
        ended = {"because": because, "minutes": _limit_of(because, recording.team)} if because else {}
        activities.record("live:stopped", recording, actor=None if because else session.owner, **ended)
        events.publish("recording.changed", recording)
        queue.wake_sealing(session.pk)
    return True


def _conclude(session: LiveSession, end_ms: int, *, is_whole: bool) -> None:
    """Write what stayed provisional, note the gap at the end, and whether there is any."""
    if not is_whole and session.provisional:
        live_segments.add_unconfirmed(session, Provisional(**session.provisional), session.changes, end_ms=end_ms)
        session.refresh_from_db()
    live_segments.settle_language(session)
    noted = session.gaps
    if not is_whole and end_ms > session.final_until_ms:
        noted = gaps.joined(noted, session.final_until_ms, end_ms)
    LiveSession.objects.filter(pk=session.pk).update(
        gaps=noted, is_whole=is_whole and not noted and not session.unconfirmed, provisional={}
    )


def _limit_of(because: str, team: Team) -> int | None:
    limits: dict[str, int | None] = {
        "silence": settings.LIVE_SILENCE_MINUTES,
        "away": settings.LIVE_SILENCE_MINUTES,
        "minutes": minutes.limit_of(team),
    }
    return limits[because]


def why_ended(session: LiveSession) -> str:
    """Tell which limit ended the session, empty where a person did."""
    stopped = Activity.objects.filter(recording_id=session.recording_id, verb="live:stopped").first()
    data = stopped.data if stopped else {}
    whys = {
        "silence": "Ended after {limit} of silence; everything said before is kept.",
        "away": "Ended because no one had been connected for {limit}. Everything recorded before is saved.",
        "minutes": "Ended because the {limit} of live speech that the team has each month are used up; everything "
        "said before is kept.",
    }
    return whys.get(data.get("because", ""), "").format(limit=minutes.in_words(data.get("minutes", 0)))


def finish_forgotten() -> None:
    """End the sessions that nobody spoke into for a day; what was said in them is kept."""
    before = clock.now() - FORGOTTEN_AFTER
    for session in LiveSession.objects.filter(status__in=HOLDABLE, seen_at__lt=before):
        finish(session)


def unsealed() -> list[uuid.UUID]:
    """Sessions that ended and whose sound is not a file yet, without anybody working on it."""
    free = Q(lease_until=None) | Q(lease_until__lt=clock.now())
    return list(LiveSession.objects.filter(free, status=LiveStatus.FINISHING).values_list("pk", flat=True))


def is_open(session: LiveSession) -> bool:
    """Tell whether something may still be said."""
    return session.status in HOLDABLE


def is_being_kept(session: LiveSession) -> bool:
    """Tell whether the session has ended and is not a recording like any other yet."""
    return session.status == LiveStatus.FINISHING


def open_for(user: User) -> list[LiveSession]:
    """The open sessions of the person's teams, the latest first."""
    mine = LiveSession.objects.filter(
        status__in=HOLDABLE, recording__team__memberships__user=user, recording__deleted_at=None
    )
    return list(mine.select_related("recording", "owner").order_by("-created_at")[:50])


def segments(session: LiveSession) -> list[Segment]:
    """The segments that are final."""
    rows = Segment.objects.filter(transcript_id=session.transcript_id)
    return list(rows.select_related("speaker").order_by("position"))
