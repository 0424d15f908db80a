"""Whether segments hold what was said: every word of it, each where its text has it, at times that grow."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document import Segment, Word


def spoken(texts: Iterable[str]) -> list[str]:
    """What is said, in order, whatever is between it: letters of words, one by one."""
    return [letter for text in texts for letter in one_line(text).replace("-->", "→") if scripts.is_spoken(letter)]


def keys(text: str) -> Counter[str]:
    return Counter(key for word in scripts.words_in(one_line(text)) for key in scripts.key(word))


def words_are_the_text(segments: Sequence[Segment]) -> None:
    """Each word can be found in the text, in order, and the text holds nothing else that is spoken."""
    for segment in segments:
        assert spoken(word.text for word in segment.words) == spoken([segment.text])
        assert segment.text == one_line(segment.text)


def lacking(wanted: Counter[str], segments: Sequence[Segment]) -> list[str]:
    """What of this is not in the text. A sign that was a word is none in the key of a word with letters."""
    whole = Counter(letter for segment in segments for letter in keys(segment.text).elements())
    written = Counter(sign for segment in segments for sign in segment.text)
    return [key for key in wanted - whole if key.isalnum() or written[key] < wanted[key]]


def times_only_grow(segments: Sequence[Segment], duration_ms: int | None) -> None:
    most = float("inf") if duration_ms is None else duration_ms
    listed: list[Sequence[Segment | Word]] = [segments, *(segment.words for segment in segments)]
    for items in listed:
        spans = [(item.start_ms, item.end_ms) for item in items]
        assert all(start is not None and end is not None and 0 <= start <= end <= most for start, end in spans)
        assert [start for start, _ in spans] == sorted(start for start, _ in spans if start is not None)
