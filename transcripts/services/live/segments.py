"""Rows of a live transcript: each has a place and the number of its change. Call these in a transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import F, Max, Value
from django.db.models.functions import Greatest, Length

from transcripts.document import Segment as SpokenSegment
from transcripts.document import timing
from transcripts.document.languages import by_share
from transcripts.models import LiveSession, Segment, Speaker, Transcript
from transcripts.models.choices import LanguageSource
from transcripts.services.provider_accounts import languages
from transcripts.services.transcript.rows import words_of

if TYPE_CHECKING:
    from transcripts.services.live.provisional import Provisional


def add(session: LiveSession, spoken: SpokenSegment, number: int) -> Segment:
    """Write a segment behind the last one."""
    spoken = timing.estimated(spoken)
    last = Segment.objects.filter(transcript_id=session.transcript_id).aggregate(last=Max("position"))["last"]
    segment = Segment.objects.create(
        transcript_id=session.transcript_id,
        position=0 if last is None else last + 1,
        speaker=_speaker(session, spoken.speaker),
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
        text=spoken.text,
        words=words_of(spoken),
        language=spoken.language or "",
        change=number,
    )
    _note_language(session, spoken.language)
    Transcript.objects.filter(pk=session.transcript_id).update(word_count=F("word_count") + len(segment.words))
    reached = Greatest("final_until_ms", Value(spoken.end_ms or 0))
    LiveSession.objects.filter(pk=session.pk).update(final_until_ms=reached)
    return segment


def add_unconfirmed(session: LiveSession, provisional: Provisional, number: int, *, end_ms: int) -> Segment | None:
    """Write words that the provider never made final, marked by a confidence of 0; `end_ms` is where the audio ends.

    None if final words or a gap reach as far by now.
    """
    present = LiveSession.objects.get(pk=session.pk)
    start_ms, until_ms = present.final_until_ms, min(provisional.until_ms, end_ms)
    if until_ms <= start_ms:
        return None
    timed = timing.estimated(SpokenSegment(provisional.text, start_ms, until_ms))
    words = tuple(replace(word, confidence=0.0) for word in timed.words)
    LiveSession.objects.filter(pk=session.pk).update(unconfirmed=[*present.unconfirmed, [start_ms, until_ms]])
    return add(session, replace(timed, words=words), number)


def _note_language(session: LiveSession, told: str | None) -> None:
    """Let the transcript be in the first language that is told, until `settle_language` knows all of them."""
    if told and not session.transcript.language:
        language, source = languages.known(session.account, session.recording.language, told)
        known = {"language": language, "language_source": source}
        Transcript.objects.filter(pk=session.transcript_id, language="").update(**known)
        session.transcript.language = language


def settle_language(session: LiveSession) -> None:
    """Let the transcript of a session that is over be in the language of most of its text, if that was detected."""
    detected = Transcript.objects.filter(pk=session.transcript_id, language_source=LanguageSource.DETECTED)
    if not detected.exists():
        return
    lengths = Segment.objects.filter(transcript_id=session.transcript_id).annotate(letters=Length("text"))
    for tag in by_share(lengths.values_list("language", "letters"))[:1]:
        detected.update(language=tag)


def _speaker(session: LiveSession, label: str | None) -> Speaker | None:
    if label is None:
        return None
    known = Speaker.objects.filter(transcript_id=session.transcript_id)
    found = known.filter(provider_label=label[:120]).first()
    if found is not None:
        return found
    number = known.count() + 1
    Transcript.objects.filter(pk=session.transcript_id).update(has_estimated_speakers=True)
    return Speaker.objects.create(
        transcript_id=session.transcript_id,
        position=number,
        label=f"Speaker {number}",
        provider_label=label[:120],
    )
