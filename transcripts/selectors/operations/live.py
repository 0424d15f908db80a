"""Live sessions that are open, and those that are stuck."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from transcripts.models import LiveSession
from transcripts.models.choices import OPEN_LIVE, LiveStatus
from transcripts.selectors.operations.parts import Act, Item, Problem, list_href

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# A page that lost its network comes back sooner
AWAY = timedelta(minutes=10)
SAVING = timedelta(minutes=5)
MOST = 200


@dataclass(frozen=True, slots=True)
class Live:
    """What is recorded now. `lag_s` is how far the words of the slowest are behind its audio."""

    sessions: list[LiveSession]
    lag_s: float
    slowest: LiveSession | None
    without_slot: int
    slots: Mapping[int, int]
    problems: list[Problem]

    @property
    def href(self) -> str:
        """Where the open sessions are listed."""
        return list_href("livesession", status__in=",".join(OPEN_LIVE))

    @property
    def paused_href(self) -> str:
        """Where those are listed that have no page."""
        return list_href("livesession", status__in=",".join(OPEN_LIVE), paused_at__isnull=0)

    @property
    def without_slot_href(self) -> str:
        """Where those are listed whose words come afterwards."""
        return list_href("livesession", status__exact=LiveStatus.LIVE, paused_at__isnull=1, slot_until__isnull=1)

    @property
    def paused(self) -> int:
        """How many have no page that records."""
        return sum(session.paused_at is not None for session in self.sessions)


def live(now: datetime) -> Live:
    """Return the live sessions, in one query."""
    rows = LiveSession.objects.filter(status__in=OPEN_LIVE).select_related("recording").order_by("created_at")
    found = list(rows[:MOST])
    spoken = [one for one in found if one.status == LiveStatus.LIVE and one.paused_at is None]
    slowest = max(spoken, key=_lag_s, default=None)
    return Live(
        sessions=found,
        lag_s=round(_lag_s(slowest), 1) if slowest else 0.0,
        slowest=slowest,
        without_slot=sum(one.slot_until is None for one in spoken),
        slots=Counter(one.account_id for one in found if one.slot_until is not None and one.slot_until > now),
        problems=[problem for one in found if (problem := _problem(one, now)) is not None],
    )


def _lag_s(session: LiveSession) -> float:
    """How far the session's words are behind its audio."""
    return max(0, session.ms(session.frames) - session.final_until_ms) / 1000


def _problem(session: LiveSession, now: datetime) -> Problem | None:
    is_held = session.lease_until is not None and session.lease_until > now
    if is_held:
        return None
    title, target = session.recording.title, str(session.pk)
    href = reverse("admin:transcripts_livesession_change", args=[session.pk])
    items = (Item(title, href),)
    if session.status == LiveStatus.FINISHING:
        if session.seen_at > now - SAVING:
            return None
        act = Act("save_session", "Save now", target, f"Put the audio of “{title}” together now.")
        why = "It ended, and its recording isn’t put together yet. Its audio is on disk."
        return Problem(f"session-{target}", "A live session isn’t saved", why, session.seen_at, (act,), items=items)
    if session.seen_at > now - AWAY:
        return None
    act = Act("end_session", "End and keep", target, f"End “{title}”. What was recorded is kept and transcribed.")
    why = "No page has sent audio, and it still has its place. It would end after a day."
    return Problem(f"session-{target}", "A live session is stuck", why, session.seen_at, (act,), href, items=items)
