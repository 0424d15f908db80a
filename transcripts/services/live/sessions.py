"""The life of a live session: begun, held, written to, ended. Each verb is one transaction."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Greatest

from transcripts import clock, events, queue
from transcripts.document import timing
from transcripts.document.plain import one_line
from transcripts.models import Activity, LiveSession, Recording, Segment, Speaker, Transcript
from transcripts.models.choices import LanguageSource, LiveStatus
from transcripts.services import accounts, activities, languages
from transcripts.services.live import audio, gaps, minutes, places
from transcripts.services.live.gaps import Gap
from transcripts.services.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Team, User
    from transcripts.document import Segment as SpokenSegment
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
    places.refuse_when_full(account)
    minutes.refuse_without(team)
    now = clock.now()
    title = one_line(title)[:255] or f"Live, {now:%-d %B %Y %H:%M}"
    with transaction.atomic():
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
    """Hold the session in this process for a page, whoever held it before: the browser came here.

    One that begins needs a live place; one that comes back is recorded without, should all be taken meanwhile.
    Raises LostSession, or places.Full.
    """
    now, holder = clock.now(), f"{page}:{uuid.uuid4().hex}"
    with transaction.atomic():
        place_until = now + LEASE if places.room_for(session, now) else None
        open_one = LiveSession.objects.filter(pk=session.pk, status__in=HOLDABLE)
        if place_until is None:
            open_one = open_one.exclude(status=LiveStatus.STARTING)
        held = {"holder": holder, "lease_until": now + LEASE, "place_until": place_until}
        if not open_one.update(**held, fence=F("fence") + 1, seen_at=now):
            raise _not_taken(session)
    LiveSession.objects.filter(pk=session.pk).transition(LiveStatus.LIVE)
    return LiveSession.objects.select_related("recording", "transcript", "account").get(pk=session.pk, holder=holder)


def why_lost(session: LiveSession, *, page: str = "") -> Lost:
    """Tell who has a session that a page's process does not hold any more."""
    now = LiveSession.objects.get(pk=session.pk)
    if now.status not in HOLDABLE:
        return "over"
    # Of two connections of one page the one it gave up may have come in last
    return "again" if now.holder.startswith(f"{page}:") or not now.holder else "elsewhere"


def _not_taken(session: LiveSession) -> Exception:
    waits = LiveSession.objects.filter(pk=session.pk, status=LiveStatus.STARTING).exists()
    return places.Full(session.account, session.account.live_limit) if waits else LostSession()


def take_place(session: LiveSession) -> bool:
    """Take a live place for a session that is held here; False where there is none, or it is held elsewhere now."""
    now = clock.now()
    with transaction.atomic():
        if not places.room_for(session, now) or not _held(session).update(place_until=now + LEASE):
            return False
    session.place_until = now + LEASE
    return True


def leave_place(session: LiveSession) -> None:
    """Give the session's live place back; the session stays held."""
    session.place_until = None
    _held(session).update(place_until=None)


@transaction.atomic
def renew_all(held: Sequence[tuple[LiveSession, int]]) -> frozenset[uuid.UUID]:
    """Go on holding the sessions and their places, noting how many frames of each are safe; return which are lost."""
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
    return frozenset(session.pk for session, _ in held if session.holder not in still)


def append(session: LiveSession, spoken: SpokenSegment) -> tuple[Segment, int]:
    """Write a final segment; return it with the number of its change. Raises LostSession."""
    spoken = timing.estimated(spoken)
    with transaction.atomic():
        if not _held(session).update(changes=F("changes") + 1):
            raise LostSession
        number = LiveSession.objects.values_list("changes", flat=True).get(pk=session.pk)
        last = Segment.objects.filter(transcript_id=session.transcript_id).aggregate(last=Max("position"))["last"]
        segment = Segment.objects.create(
            transcript_id=session.transcript_id,
            position=0 if last is None else last + 1,
            speaker=_speaker(session, spoken.speaker),
            start_ms=spoken.start_ms,
            end_ms=spoken.end_ms,
            text=spoken.text,
            words=words_of(spoken),
            change=number,
        )
        Transcript.objects.filter(pk=session.transcript_id).update(word_count=F("word_count") + len(segment.words))
        LiveSession.objects.filter(pk=session.pk).update(
            final_until_ms=Greatest("final_until_ms", Value(spoken.end_ms or 0))
        )
    return segment, number


def note_gap(session: LiveSession, from_ms: int, until_ms: int) -> tuple[Gap, int]:
    """Note that no live words will come for a stretch; return the whole gap with the number of its change.

    Raises LostSession.
    """
    with transaction.atomic():
        if not _held(session).update(changes=F("changes") + 1):
            raise LostSession
        present = LiveSession.objects.get(pk=session.pk)
        noted = gaps.joined(present.gaps, from_ms, until_ms)
        # Whoever takes the session over goes on behind the gap.
        reached = max(present.final_until_ms, until_ms)
        LiveSession.objects.filter(pk=session.pk).update(gaps=noted, final_until_ms=reached)
    return Gap(*noted[-1]), present.changes


def _held(session: LiveSession) -> LiveSessionQuerySet:
    return LiveSession.objects.filter(pk=session.pk, fence=session.fence, holder=session.holder, status__in=HOLDABLE)


def _speaker(session: LiveSession, label: str | None) -> Speaker | None:
    if label is None:
        return None
    known = Speaker.objects.filter(transcript_id=session.transcript_id)
    found = known.filter(provider_label=label[:120]).first()
    if found is not None:
        return found
    number = known.count() + 1
    return Speaker.objects.create(
        transcript_id=session.transcript_id,
        position=number,
        label=f"Speaker {number}",
        provider_label=label[:120],
    )


def finish(session: LiveSession, *, is_whole: bool = False, because: str = "", by_its_holder: bool = False) -> bool:
    """End the session: nothing more is taken, what was said is kept.

    False where it had ended before, or its holder lost it. Where somebody else than the process that holds it ends
    it, that one goes on writing what it acknowledges until it learns of it; the recording is put together after that,
    and the page is told to stop.

    `is_whole` says that the last words came. Where they did not, what follows the last that did is a gap; the gaps of
    a session are transcribed afterwards.
    `because` names the limit that ended it, where no person did.
    """
    end_ms = session.ms(audio.safe_frames(session))
    with transaction.atomic():
        mine = _held(session) if by_its_holder else LiveSession.objects.filter(pk=session.pk)
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
    """Note the gap at the end, and whether there is any."""
    noted = session.gaps
    if not is_whole and end_ms > session.final_until_ms:
        noted = gaps.joined(noted, session.final_until_ms, end_ms)
    LiveSession.objects.filter(pk=session.pk).update(gaps=noted, is_whole=is_whole and not noted)


def _limit_of(because: str, team: Team) -> int | None:
    limits: dict[str, int | None] = {
        "silence": settings.LIVE_SILENCE_MINUTES,
        "minutes": team.live_minutes_a_month,
    }
    return limits[because]


def why_ended(session: LiveSession) -> str:
    """Tell which limit ended the session, empty where a person did."""
    stopped = Activity.objects.filter(recording_id=session.recording_id, verb="live:stopped").first()
    data = stopped.data if stopped else {}
    whys = {
        "silence": "Ended after {limit} of silence; everything said before is kept.",
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
