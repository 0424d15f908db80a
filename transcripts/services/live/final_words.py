"""What the holder of a session writes to its transcript: final words, words that stayed provisional, and gaps.

Each is one transaction that first makes sure that the session is still held, and numbers its change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest, Length

from transcripts.document import Segment as SpokenSegment
from transcripts.document import timing
from transcripts.document.languages import by_share
from transcripts.models import LiveSession, Segment, Transcript
from transcripts.models.choices import LanguageSource
from transcripts.services.live import gaps
from transcripts.services.live.gaps import Gap
from transcripts.services.live.leases import LostSession, held
from transcripts.services.provider_accounts import languages
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from transcripts.services.live.provisional import Provisional


def append(session: LiveSession, spoken: SpokenSegment) -> tuple[Segment, int]:
    """Write a final segment; return it with the number of its change. Raises LostSession."""
    with transaction.atomic():
        change = _next_change(session)
        return _append(session, spoken, change), change


def message(row: Segment) -> dict[str, Any]:
    """Return what tells pages of a segment that was appended; it asks the database."""
    speakers = [changes.described_speaker(row.speaker)] if row.speaker else []
    return {"type": "edit", "change": row.change, "rows": changes.described_rows([row]), "speakers": speakers}


def append_provisional(session: LiveSession, provisional: Provisional, *, end_ms: int) -> tuple[Segment, int] | None:
    """Write words that stayed provisional; return them with the number of their change. Raises LostSession."""
    with transaction.atomic():
        change = _next_change(session)
        row = append_unconfirmed(session, provisional, change=change, end_ms=end_ms)
    return None if row is None else (row, change)


def append_unconfirmed(session: LiveSession, provisional: Provisional, *, change: int, end_ms: int) -> Segment | None:
    """Write words that the provider never made final, with a confidence of 0; `end_ms` is where the audio ends.

    None if final words or a gap reach as far by now. Call it in a transaction.
    """
    present = LiveSession.objects.get(pk=session.pk)
    start_ms, until_ms = present.final_until_ms, min(provisional.until_ms, end_ms)
    if until_ms <= start_ms:
        return None
    timed = timing.estimated(SpokenSegment(provisional.text, start_ms, until_ms))
    words = tuple(replace(word, confidence=0.0) for word in timed.words)
    LiveSession.objects.filter(pk=session.pk).update(unconfirmed=[*present.unconfirmed, [start_ms, until_ms]])
    return _append(session, replace(timed, words=words), change)


def note_provisional(session: LiveSession, provisional: Provisional | None) -> None:
    """Store what is provisional as the holder leaves, in case the session ends before another one comes."""
    noted = {} if provisional is None else {"text": provisional.text, "until_ms": provisional.until_ms}
    held(session).update(provisional=noted)


def note_gap(session: LiveSession, from_ms: int, until_ms: int) -> tuple[Gap, int]:
    """Store that no live words will come for a stretch; return the whole gap with the number of its change.

    Raises LostSession.
    """
    with transaction.atomic():
        change = _next_change(session)
        present = LiveSession.objects.get(pk=session.pk)
        noted = gaps.joined(present.gaps, from_ms, until_ms)
        # The next holder continues behind the gap
        reached = max(present.final_until_ms, until_ms)
        LiveSession.objects.filter(pk=session.pk).update(gaps=noted, final_until_ms=reached)
    return Gap(*noted[-1]), change


def settle_language(session: LiveSession) -> None:
    """Give the transcript of a session that is over the language of most of its text, if that was detected."""
    detected = Transcript.objects.filter(pk=session.transcript_id, language_source=LanguageSource.DETECTED)
    if not detected.exists():
        return
    lengths = Segment.objects.filter(transcript_id=session.transcript_id).annotate(letters=Length("text"))
    for tag in by_share(lengths.values_list("language", "letters"))[:1]:
        detected.update(language=tag)


def _next_change(session: LiveSession) -> int:
    # Locked until the end of the transaction, so that no other process takes the session in between
    if not held(session).select_for_update(no_key=True).exists():
        raise LostSession
    return changes.number_for(session.transcript_id)


def _append(session: LiveSession, spoken: SpokenSegment, change: int) -> Segment:
    timed = timing.estimated(spoken)
    segment = rows.append(session.transcript_id, timed, change=change)
    _note_language(session, timed.language)
    reached = Greatest("final_until_ms", Value(timed.end_ms or 0))
    LiveSession.objects.filter(pk=session.pk).update(final_until_ms=reached)
    return segment


def _note_language(session: LiveSession, told: str | None) -> None:
    """Give the transcript the first language that the provider names, until `settle_language` knows all of them."""
    if told and not session.transcript.language:
        language, source = languages.known(session.account, session.recording.language, told)
        known = {"language": language, "language_source": source}
        Transcript.objects.filter(pk=session.transcript_id, language="").update(**known)
        session.transcript.language = language
