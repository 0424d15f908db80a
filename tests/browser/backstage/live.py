"""Live sessions."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from tests.browser.backstage.people import team
from transcripts import events
from transcripts.document import Segment
from transcripts.models import LiveSession, ProviderAccount, Route, TeamDefaults
from transcripts.models import Segment as Row
from transcripts.models.choices import MarkerKind
from transcripts.services.live import audio, final_words, leases, lifecycle, pauses
from transcripts.services.sharing import shares
from transcripts.services.transcript import markers


def live(title: str, said: list[str]) -> str:
    """Have Alice speak into a live session; return its id."""
    begun = lifecycle.start(owner=User.objects.get(email="alice@example.org"), team=team(), title=title)
    held = leases.take(begun)
    for number, text in enumerate(said):
        final_words.append(held, Segment(text, number * 4_000, number * 4_000 + 3_500, f"S{number % 2}"))
    return str(held.pk)


def say(live: str, text: str, at_ms: int, language: str | None = None) -> None:
    """Let the provider bring a final line of a live session."""
    held = leases.take(LiveSession.objects.get(pk=live))
    row, _ = final_words.append(held, Segment(text, at_ms, at_ms + 900, "S0", language=language))
    events.publish_to_transcript(held.transcript_id, final_words.message(row))


def say_unheard(live: str, text: str, at_ms: int) -> None:
    """Let a line come of which no page is told, as when Redis loses a message."""
    final_words.append(leases.take(LiveSession.objects.get(pk=live)), Segment(text, at_ms, at_ms + 900, "S0"))


def end_live(live: str) -> None:
    """End a live session, as a colleague does."""
    lifecycle.finish(LiveSession.objects.get(pk=live))


def fill_places() -> None:
    """Let the account take no further live session."""
    ProviderAccount.objects.update(live_limit=1)
    other = lifecycle.start(owner=User.objects.get(email="erin@example.org"), team=team(), title="Another")
    leases.take(other)


def take_wishes() -> None:
    """Let live sessions go to a provider that can be told more."""
    fields = {"kind": "deepgram", "endpoint": "http://127.0.0.1:9", "key_variable": "STT_API_KEY", "has_key": True}
    Route.objects.create(account=ProviderAccount.objects.create(name="Court", **fields))


def wish_for_team(**wished: bool) -> None:
    """Let the newsroom wish something for all that it records."""
    TeamDefaults.objects.create(team=team(), **wished)


def wishes_of(live: str) -> dict[str, Any]:
    """What was wished for a session."""
    return LiveSession.objects.get(pk=live).wishes.columns()


def begin_live(title: str) -> str:
    """Let Alice begin a live session in which nothing was said; return its id."""
    return str(lifecycle.start(owner=User.objects.get(email="alice@example.org"), team=team(), title=title).pk)


def pause_live(live: str, minutes: int) -> None:
    """Let the browser that recorded have died so long ago, and the conductor have noticed."""
    gone_at = timezone.now() - timedelta(minutes=minutes)
    LiveSession.objects.filter(pk=live).update(seen_at=gone_at, lease_until=gone_at, paused_at=None)
    pauses.update()


def annotate(live: str, note: str) -> None:
    """Mark two moments of a live session and let the provider have been away between them."""
    session = LiveSession.objects.select_related("recording", "transcript", "owner").get(pk=live)
    assert session.owner
    for kind, at_ms, text in ((MarkerKind.MARK, 3_000, note), (MarkerKind.BREAK, 8_000, "")):
        markers.put(session.transcript, uuid.uuid4(), actor=session.owner, at_ms=at_ms, note=text, kind=kind)
    LiveSession.objects.filter(pk=live).update(gaps=[[8_500, 61_000]], frames=720)


def captions(live: str, password: str = "") -> str:
    """Make a link to the captions; return its path."""
    session = LiveSession.objects.select_related("recording", "transcript", "owner").get(pk=live)
    assert session.owner
    share = shares.share_captions(session.recording, actor=session.owner, lifetime="day", password=password)
    return f"/captions/{share.token}/"


def live_sound(live: str) -> str:
    """The SHA-256 of what is safe of a live session's sound."""
    session = LiveSession.objects.get(pk=live)
    kept = b"".join(audio.read(session, 0, audio.safe_frames(session)))
    return hashlib.sha256(kept).hexdigest()


def lines(live: str) -> list[list[Any]]:
    """The lines of a live session as they are kept: text, who wrote it, revision."""
    rows = Row.objects.filter(transcript__live_session__pk=live)
    return [[row.text, row.origin, row.revision] for row in rows]
