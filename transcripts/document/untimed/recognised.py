"""Times for a text that has none: those of the same words as a recogniser found them in the audio.

The text stays word for word. A word that was recognised too has its times (`retained`); one that was not has those
between its neighbours (`estimated`, which `timing` does) and a low confidence, so that review lists it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

# Below any threshold of doubt but 0
DOUBTFUL = 0.1
# A worker may take seconds for a whole book, which a page may not.
BUDGET = 20 * diff.BUDGET


def recognised(segments: Sequence[Segment], found: Sequence[Segment]) -> list[Segment]:
    """Return the segments with the times of what was found in the audio, as far as it is the same."""
    texts = [scripts.words_in(segment.text) for segment in segments]
    words = [Word(text, confidence=DOUBTFUL) for listed in texts for text in listed]
    audio = [word for segment in found for word in segment.words if word.start_ms is not None]
    keys = [scripts.key(word.text) for word in audio], [scripts.key(word.text) for word in words]
    for change in diff.changes(*keys, budget=BUDGET):
        if change.last - change.first != change.end - change.begin:
            continue
        for place, at in zip(range(change.begin, change.end), range(change.first, change.last), strict=True):
            words[place] = _with_times(words[place], audio[at], is_same=change.tag == "equal")
    rest = iter(words)
    return [
        _around(segment, tuple(next(rest) for _ in listed)) for segment, listed in zip(segments, texts, strict=True)
    ]


def _with_times(word: Word, audio: Word, *, is_same: bool) -> Word:
    confidence = audio.confidence if is_same else DOUBTFUL
    return Word(word.text, audio.start_ms, audio.end_ms, confidence, Timing.RETAINED)


def _around(segment: Segment, words: tuple[Word, ...]) -> Segment:
    """Let a segment last from its first timed word to its last; without any it has no times yet."""
    timed = [word for word in words if word.start_ms is not None]
    if not timed:
        return replace(segment, words=words)
    start_ms = min(word.start_ms or 0 for word in timed)
    end_ms = max(word.end_ms or 0 for word in timed)
    return replace(segment, start_ms=start_ms, end_ms=max(start_ms, end_ms), words=words)
