"""The read side of live sessions: which are open, what each shows, why one ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.models import Activity, LiveSession, Marker, Segment
from transcripts.models.choices import LiveStatus
from transcripts.services.live import minutes
from transcripts.services.live.leases import HOLDABLE

if TYPE_CHECKING:
    from accounts.models import User


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


def in_order(session: LiveSession) -> list[tuple[str, Any]]:
    """Everything that the page of the session shows, in the order of time: segments, markers and gaps by their kind."""
    rows = Segment.objects.filter(transcript_id=session.transcript_id).select_related("speaker").order_by("position")
    markers = Marker.objects.filter(recording_id=session.recording_id, removed_at=None).select_related("author")
    timed: list[tuple[int, str, Any]] = [(row.start_ms or 0, "segment", row) for row in rows]
    timed += [(marker.at_ms, "marker", marker) for marker in markers]
    timed += [(gap[0], "gap", gap) for gap in session.gaps]
    return [(kind, item) for _, kind, item in sorted(timed, key=lambda entry: entry[0])]
