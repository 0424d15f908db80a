"""The life of a live session: begun, held, written to, ended. Each verb is one transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from transcripts import clock, events, queue
from transcripts.document.plain import one_line
from transcripts.models import LiveSession, Recording, Transcript
from transcripts.models.choices import EndReason, LanguageSource, LiveStatus
from transcripts.models.providers import Media
from transcripts.services import activities, quotas, summaries
from transcripts.services.costs import budgets
from transcripts.services.live import audio, final_words, gaps, minutes, slots
from transcripts.services.live.leases import HOLDABLE, held
from transcripts.services.live.provisional import Provisional
from transcripts.services.provider_accounts import accounts, languages, pausing, wishes
from transcripts.services.provider_accounts.routing import candidates
from transcripts.services.provider_accounts.routing.rules import Work
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from accounts.models import Team, User
    from transcripts.models import ProviderAccount

# Within this a process that holds a session learns that it ended, as it renews its lease.
REST = timedelta(seconds=6)
# A session to which no one returned is ended; its recording is kept.
FORGOTTEN_AFTER = timedelta(days=1)


def start(
    *, owner: User, team: Team, title: str, language: str = "", said: Mapping[str, str] | None = None
) -> LiveSession:
    """Begin a session: a recording with an empty transcript that fills.

    `said` holds wishes by their names, as `wishes.read` reads them; others are the team's.
    Raises Refused or NoProvider, with a message for the person who wants to record.
    """
    account = _account_for(team, language)
    pausing.refuse_paused(account)
    languages.refuse_unknown_live(account, language)
    wished = wishes.for_live(account, team.pk, said or {}, language)
    slots.refuse_when_full(account)
    minutes.refuse_without(team)
    budgets.refuse_live(team, account)
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
            recording=recording,
            transcript=transcript,
            account=account,
            owner=owner,
            seen_at=now,
            **wished.columns(),
        )
        summaries.refresh(recording.pk)
        activities.record("live:started", recording, actor=owner)
        events.publish("recording.created", recording)
    return session


def _account_for(team: Team, language: str) -> ProviderAccount:
    """Return the account of a new session: the first of the list that can take it and has a live slot free."""
    work = Work(team.pk, language, Media.LIVE)
    return accounts.with_key(candidates.first(work, is_full=slots.is_full))


def finish(
    session: LiveSession,
    *,
    is_whole: bool = False,
    because: str = "",
    by_its_holder: bool = False,
    only: Q | None = None,
) -> bool:
    """End the session: nothing more is taken, what was said is kept.

    False if it had ended before, or its holder lost it. If another process than its holder ends it, the
    holder continues to write what it acknowledges until it learns of it; the recording is put together after that,
    and the page is told to stop.

    `is_whole` says that the last words came. If they did not, what follows the last that did is a gap; the gaps of
    a session are transcribed afterwards.
    `because` names the limit that ended it, if no person did. `only` must be true of it still.
    """
    end_ms = session.ms(audio.reached(LiveSession.objects.get(pk=session.pk))[0])
    limit = _limit_of(because, session.recording.team)
    with transaction.atomic():
        mine = held(session) if by_its_holder else LiveSession.objects.filter(only or Q(), pk=session.pk)
        now = clock.now()
        is_spoken = not by_its_holder and mine.filter(lease_until__gt=now).exists()
        rests_until = now + REST if is_spoken else None
        ended = {"ended_because": because, "ended_after_minutes": limit}
        free = {"holder": "", "lease_until": rests_until, "slot_until": None}
        if not mine.transition(LiveStatus.FINISHING, seen_at=now, **free, **ended):
            return False
        if is_spoken:
            events.publish_to_transcript(
                session.transcript_id, {"type": "stop", "because": "", "sentence": "Someone ended this session."}
            )
        # Only now, as nothing is written any more.
        _conclude(LiveSession.objects.get(pk=session.pk), end_ms, is_whole=is_whole)
        recording = Recording.objects.get(pk=session.recording_id)
        activities.record("live:stopped", recording, actor=None if because else session.owner)
        events.publish("recording.changed", recording)
        queue.wake_sealing(session.pk)
    return True


def _conclude(session: LiveSession, end_ms: int, *, is_whole: bool) -> None:
    """Write what stayed provisional, note the gap at the end, and whether there is any."""
    if not is_whole and session.provisional:
        final_words.append_unconfirmed(
            session, Provisional(**session.provisional), change=changes.number_for(session.transcript_id), end_ms=end_ms
        )
        session.refresh_from_db()
    final_words.settle_language(session)
    noted = session.gaps
    if not is_whole and end_ms > session.final_until_ms:
        noted = gaps.joined(noted, session.final_until_ms, end_ms)
    LiveSession.objects.filter(pk=session.pk).update(
        gaps=noted, is_whole=is_whole and not noted and not session.unconfirmed, provisional={}
    )


def _limit_of(because: str, team: Team) -> int | None:
    """How many minutes the limit allows that ended a session; None if a person ended it."""
    if because == EndReason.MINUTES:
        return minutes.limit_of(team)
    return settings.LIVE_SILENCE_MINUTES if because else None


def finish_forgotten() -> None:
    """End the sessions that received no audio for a day; their recordings are kept."""
    before = clock.now() - FORGOTTEN_AFTER
    for session in LiveSession.objects.filter(status__in=HOLDABLE, seen_at__lt=before):
        finish(session)


def unsealed() -> list[uuid.UUID]:
    """Sessions that ended, whose audio is not a file yet and which no worker seals."""
    free = Q(lease_until=None) | Q(lease_until__lt=clock.now())
    return list(LiveSession.objects.filter(free, status=LiveStatus.FINISHING).values_list("pk", flat=True))
