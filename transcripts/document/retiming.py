"""Times for the words of a text that a person corrected, from the words it replaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts
from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def retimed(old: Segment, text: str) -> Segment:
    """Return the segment with another text: words that stay keep their times, words of others take theirs.

    As many new words as they replace take one another's times; otherwise new words share the gap between their
    neighbours by their length. Scripts without spaces are compared grapheme by grapheme.
    """
    before = [part for word in old.words for part in _parts(word)]
    changed = replace(old, text=text, words=tuple(_aligned(before, scripts.words_in(text))))
    return estimated(changed) if changed.words else changed


def _aligned(before: Sequence[Word], after: Sequence[str]) -> Iterator[Word]:
    old_keys, new_keys = [scripts.key(word.text) for word in before], [scripts.key(text) for text in after]
    for change in diff.changes(old_keys, new_keys):
        words, texts = before[change.first : change.last], after[change.begin : change.end]
        if len(words) == len(texts):
            known = change.tag == "equal"
            yield from (_retained(word, text, known=known) for word, text in zip(words, texts, strict=True))
        else:
            yield from (Word(text) for text in texts)


def _retained(word: Word, text: str, *, known: bool) -> Word:
    """The word in another's place. What a person wrote anew has no recogniser's confidence."""
    timing = Timing.UNTIMED if word.start_ms is None else Timing.RETAINED
    unchanged = known and word.text == text
    return word if unchanged else replace(word, text=text, timing=timing, confidence=word.confidence if known else None)


def _parts(word: Word) -> list[Word]:
    """The word itself; the graphemes of one in a script without spaces share its time."""
    if len(word.text) == 1 or not scripts.is_unspaced(word.text):
        return [word]
    texts = scripts.words_in(word.text) or [word.text]
    if word.start_ms is None or word.end_ms is None:
        return [replace(word, text=text) for text in texts]
    start, length, count = word.start_ms, word.end_ms - word.start_ms, len(texts)
    return [
        replace(word, text=text, start_ms=start + length * at // count, end_ms=start + length * (at + 1) // count)
        for at, text in enumerate(texts)
    ]
