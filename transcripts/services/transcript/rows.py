"""Segments of the transcript as values, and values as what their rows keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from transcripts.document import Segment as SpokenSegment
from transcripts.document import Timing, Word, scripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.models import Segment, Transcript


class Text(Protocol):
    """A row that keeps a text and its words: a segment, or a revision of one."""

    text: str
    words: list[list[Any]]


def words_of(segment: SpokenSegment) -> list[list[object]]:
    """Return the segment's words as its row keeps them."""
    return [[word.text, word.start_ms, word.end_ms, word.confidence, word.timing] for word in segment.words]


def spoken(row: Text, segment: Segment) -> SpokenSegment:
    """Return what a segment, or a revision of it, says; its speaker is named by the row's id."""
    speaker = None if segment.speaker_id is None else str(segment.speaker_id)
    words = tuple(_word(*word) for word in row.words)
    return SpokenSegment(row.text, segment.start_ms, segment.end_ms, speaker, words, segment.language or None)


def _word(text: str, start_ms: int | None, end_ms: int | None, confidence: float | None, timing: str) -> Word:
    return Word(text, start_ms, end_ms, confidence, Timing(timing))


def count_words(transcript: Transcript, rows: Iterable[Segment]) -> int:
    """Note how many words the transcript has, and return that."""
    transcript.word_count = sum(len(row.words) or len(scripts.words_in(row.text)) for row in rows)
    transcript.save(update_fields=["word_count"])
    return transcript.word_count
