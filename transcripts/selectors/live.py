"""The read side of live sessions: which are open, what each shows, why one ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from accounts import preferences
from transcripts import access
from transcripts.models import LiveSession, Marker, Segment, TeamDefaults
from transcripts.models.choices import EndReason, LiveStatus
from transcripts.providers.capabilities import Wishes
from transcripts.selectors.uploads.choices import first_of
from transcripts.services.live import minutes
from transcripts.services.live.leases import HOLDABLE
from transcripts.services.provider_accounts import objections, options, terms
from transcripts.services.provider_accounts.routing import candidates
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Team, User
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
    """What a person can choose for a session of one of their `teams`; without a team they can begin none.

    `language` and `wished` are what the team wishes, `unmet` a sentence for each wish of these that a provider which
    the session may go to can't meet live. `vocabulary` says which of the team's terms each of them is told.
    """

    teams: list[Team]
    team: Team | None = None
    offer: Offer | None = None
    language: str = ""
    wished: Wishes = field(default_factory=Wishes)
    unmet: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()


def before(user: User, asked: str = "") -> Before:
    """Return what can be chosen for a session of the team that is asked for, else of the one that they work in."""
    teams = list(access.editable_teams_of(user))
    team = first_of(teams, asked, preferences.of(user)["team"])
    if team is None:
        return Before(teams)
    found = candidates.live(team.pk)
    offer, wished = options.offer_live(found), TeamDefaults.wishes_of(team.pk)
    wanted = TeamDefaults.language_of(team.pk)
    language = wanted if wanted in offer.languages else offer.chosen
    return Before(
        teams,
        team,
        offer,
        language=language,
        wished=wished,
        unmet=tuple(chain.from_iterable(objections.consequences_live(account, wished, language) for account in found)),
        vocabulary=tuple(filter(None, (terms.sentence_live(account, team) for account in found))),
    )


def unmet(session: LiveSession) -> tuple[str, ...]:
    """Say what the provider of a session can't do live of what was wished for it."""
    return objections.consequences_live(session.account, session.wishes, session.recording.language)


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
