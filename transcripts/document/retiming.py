"""Times for the words of a text that a person corrected, from the words it replaces."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def retimed(old: Segment, text: str) -> Segment:
    """Return the segment with another text: words that stay keep their times, words of others take theirs.

    As many new words as they replace take one another's times; else new words share the gap they stand in. Scripts
    that put no spaces between words are compared letter by letter.
    """
    before, after = list(old.words), text.split()
    if len(before) > len(old.text.split()):
        before, after = [letter for word in before for letter in _letters(word)], [*"".join(after)]
    changed = replace(old, text=text, words=tuple(_aligned(before, after)))
    return estimated(changed) if changed.words else changed


def _aligned(before: Sequence[Word], after: Sequence[str]) -> Iterator[Word]:
    old_keys, new_keys = [_key(word.text) for word in before], [_key(text) for text in after]
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for tag, first, end, new_first, new_end in matcher.get_opcodes():
        texts = after[new_first:new_end]
        if end - first == len(texts):
            known = tag == "equal"
            yield from (_retained(word, text, known=known) for word, text in zip(before[first:end], texts, strict=True))
        else:
            yield from (Word(text) for text in texts)


def _retained(word: Word, text: str, *, known: bool) -> Word:
    """The word in another's place. What a person wrote anew was heard by no recogniser, surely or not."""
    timing = Timing.UNTIMED if word.start_ms is None else Timing.RETAINED
    unchanged = known and word.text == text
    return word if unchanged else replace(word, text=text, timing=timing, confidence=word.confidence if known else None)


def _key(text: str) -> str:
    """What two spellings of one word have in common."""
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text


def _letters(word: Word) -> list[Word]:
    if word.start_ms is None or word.end_ms is None:
        return [replace(word, text=letter) for letter in word.text]
    start, length, count = word.start_ms, word.end_ms - word.start_ms, len(word.text)
    return [
        replace(word, text=letter, start_ms=start + length * at // count, end_ms=start + length * (at + 1) // count)
        for at, letter in enumerate(word.text)
    ]
