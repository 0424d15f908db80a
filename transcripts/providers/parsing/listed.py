"""Answers that list segments and words side by side, beside the full text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document import Segment
from transcripts.document.segmentation.completion import completed
from transcripts.document.segmentation.order import in_order
from transcripts.providers.parsing.documents import read_segments, read_words, with_text
from transcripts.providers.parsing.placing import place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.providers.parsing.documents import Spoken


def read_lists(listed_segments: object, listed_words: object, text: str) -> tuple[Segment, ...]:
    """Return the segments with the words that are listed beside them, completed by the full text.

    Words that the segments hold themselves are taken as they are; without segments the words are grouped, and without
    either the text is one segment without times.
    """
    segments, words = read_segments(listed_segments), read_words(listed_words)
    if not segments:
        alone = (Segment(text),) if text else ()
        return with_text([word for word, _ in words], [voice for _, voice in words], text) if words else alone
    return tuple(in_order(completed(_filled(segments, words), text), lambda segment: segment.start_ms))


def _filled(segments: Sequence[Segment], words: Sequence[Spoken]) -> Sequence[Segment]:
    has_times = all(segment.start_ms is not None for segment in segments)
    has_words = any(segment.words for segment in segments)
    return place_words(segments, words) if words and has_times and not has_words else segments
