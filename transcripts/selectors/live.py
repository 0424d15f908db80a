"""The read side of live sessions: which are open, what each shows, why one ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.models import LiveSession, Marker, Segment, TeamDefaults
from transcripts.models.choices import EndReason, LiveStatus
from transcripts.services.live import minutes
from transcripts.services.live.leases import HOLDABLE
from transcripts.services.provider_accounts import objections, options
from transcripts.services.provider_accounts.routing import candidates
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from transcripts.models import Recording
    from transcripts.services.provider_accounts.options import Offer


# Guests who come late get so many of the last segments; members of the team get all.
GUESTS_SEE = 100
WHY_ENDED = {
    EndReason.SILENCE: "Ended after {limit} of silence. Everything recorded before is saved.",
    EndReason.AWAY: "Ended because no one had been connected for {limit}. Everything recorded before is saved.",
    EndReason.MINUTES: "Ended because the team has used its {limit} of live transcription this month. Everything "
    "recorded before is saved.",
}


@dataclass(frozen=True, slots=True)
class Before:
    """What a person is told before a session: the languages to choose from, and which wishes of a team can't be met."""

    offer: Offer
    unmet: list[str]


def before(user: User) -> Before:
    """Return what new sessions of the person's teams can have."""
    team_ids = access.editable_team_ids_of(user)
    found = candidates.live(team_ids)
    defaults = TeamDefaults.objects.filter(team__in=team_ids).select_related("team").order_by("team__name")
    unmet = [
        f"{one.team}: {sentence}"
        for one in defaults
        for account in found
        for sentence in objections.consequences_live(account, one.wishes)
    ]
    return Before(options.offer_live(found), unmet)


def why_ended(session: LiveSession) -> str:
    """Tell which limit ended the session; empty if a person did."""
    if not session.ended_because:
        return ""
    limit = minutes.in_words(session.ended_after_minutes or 0)
    return WHY_ENDED[EndReason(session.ended_because)].format(limit=limit)


def snapshot(session: LiveSession, change: int) -> dict[str, Any]:
    """Return what changed in the session after this change, as a page that connects gets it."""
    fresh = LiveSession.objects.only("gaps", "paused_at").get(pk=session.pk)
    return {**changes.since(session.transcript_id, change), "gaps": fresh.gaps, "paused": _moment(fresh.paused_at)}


def for_guests(session: LiveSession) -> dict[str, Any]:
    """Return what a guest with a captions link sees first."""
    fresh = LiveSession.objects.select_related("transcript").get(pk=session.pk)
    rows = Segment.objects.filter(transcript_id=fresh.transcript_id).exclude(text="").select_related("speaker")
    latest = reversed(rows.order_by("-position")[:GUESTS_SEE])
    return {
        "change": fresh.transcript.changes,
        "rows": changes.described_rows(list(latest)),
        "speakers": changes.described_speakers(fresh.transcript_id),
        "paused": _moment(fresh.paused_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def is_open(session: LiveSession) -> bool:
    """Tell whether something may still be said."""
    return session.status in HOLDABLE


def has_open_session(recording: Recording) -> bool:
    """Tell whether something may still be said in the session that the recording comes from, if it comes from one."""
    session = getattr(recording, "live_session", None)
    return session is not None and is_open(session)


def is_being_sealed(session: LiveSession) -> bool:
    """Tell whether the session has ended and is not a recording like any other yet."""
    return session.status == LiveStatus.FINISHING


def open_for(user: User) -> list[LiveSession]:
    """The open sessions of the person's teams, the latest first."""
    mine = LiveSession.objects.filter(status__in=HOLDABLE, recording__in=access.recordings_of(user))
    return list(mine.select_related("recording", "owner").order_by("-created_at")[:50])


def asides(session: LiveSession) -> dict[str, Any]:
    """Return what stands between the segments of a session: its markers, and where the provider was away."""
    markers = Marker.objects.filter(recording_id=session.recording_id, removed_at=None).select_related("author")
    return {
        "markers": [changes.described_marker(marker) for marker in markers.order_by("at_ms")],
        "gaps": session.gaps,
    }
