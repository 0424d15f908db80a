"""Final words become rows, each with the number of its change, and only while their holder has the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Greatest

from transcripts.document import timing
from transcripts.models import LiveSession, Segment, Speaker, Transcript
from transcripts.services.live import gaps
from transcripts.services.live.gaps import Gap
from transcripts.services.live.sessions import LostSession, held
from transcripts.services.wording import words_of

if TYPE_CHECKING:
    from transcripts.document import Segment as SpokenSegment


def append(session: LiveSession, spoken: SpokenSegment) -> tuple[Segment, int]:
    """Write a final segment; return it with the number of its change. Raises LostSession."""
    spoken = timing.estimated(spoken)
    with transaction.atomic():
        if not held(session).update(changes=F("changes") + 1):
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
        if not held(session).update(changes=F("changes") + 1):
            raise LostSession
        present = LiveSession.objects.get(pk=session.pk)
        noted = gaps.joined(present.gaps, from_ms, until_ms)
        # Whoever takes the session over goes on behind the gap.
        reached = max(present.final_until_ms, until_ms)
        LiveSession.objects.filter(pk=session.pk).update(gaps=noted, final_until_ms=reached)
    return Gap(*noted[-1]), present.changes


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
