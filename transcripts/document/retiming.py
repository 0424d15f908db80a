"""Times for the words of a text that a person corrected, from the words it replaces."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document import alignment, diff, scripts
from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def retimed(old: Segment, text: str) -> Segment:
    """Return the segment with another text: words that stay keep their times, words of others take theirs.

    A word that no change touches stays as it is, whatever its listing leaves out of the text. As many new words as
    they replace take one another's times; otherwise new words share the gap between their neighbours by their length.
    Changed words in scripts without spaces are compared grapheme by grapheme.
    """
    if old.text == text:
        return old
    changed = replace(old, text=text, words=tuple(_retimed(old, text)))
    return estimated(changed) if changed.words else changed


def _retimed(old: Segment, text: str) -> Iterator[Word]:
    """Yield the words that stay and, between them, what became of the others."""
    atoms, new_atoms = scripts.atoms(old.text), scripts.atoms(text)
    stays = _unchanged([old.text[b:e] for b, e in atoms], [text[b:e] for b, e in new_atoms])
    homes = _homes(atoms, alignment.spans(old.text, [word.text for word in old.words]))
    kept = {number: stays[home[0]] for number, home in enumerate(homes) if home and _stays(home, stays)}
    taken = {stays[atom] for number in kept for atom in _atoms_of(homes[number])}
    affected = {atom for number, home in enumerate(homes) if number not in kept for atom in _atoms_of(home)}
    known = {place for atom, place in stays.items() if old.words and atom not in affected}
    needed = [at for at in range(len(new_atoms)) if at not in taken and at not in known]
    reached = first = 0
    for number, place in [*kept.items(), (len(old.words), len(new_atoms))]:
        last = bisect_left(needed, place)
        spoken = [text[b:e] for b, e in (new_atoms[at] for at in needed[first:last])]
        parts = [part for word in old.words[reached:number] for part in _parts(word)]
        yield from _aligned(parts, [word for word in spoken if scripts.is_spoken(word)])
        yield from old.words[number : number + 1]
        reached, first = number + 1, last


def _unchanged(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return where each item that stays is in the new sequence."""
    changes = [change for change in diff.changes(old, new) if change.tag == "equal"]
    return {change.first + n: change.begin + n for change in changes for n in range(change.last - change.first)}


def _homes(atoms: Sequence[alignment.Span], spans: Sequence[alignment.Span | None]) -> list[tuple[int, int] | None]:
    """Return the first and the last atom that each word is in."""
    begins = [begin for begin, _ in atoms]
    return [
        (max(bisect_right(begins, span[0]) - 1, 0), max(bisect_left(begins, span[1]) - 1, 0)) if span else None
        for span in spans
    ]


def _atoms_of(home: tuple[int, int] | None) -> range:
    return range(home[0], home[1] + 1) if home else range(0)


def _stays(home: tuple[int, int], stays: Mapping[int, int]) -> bool:
    """Tell whether all atoms of a word stay, side by side."""
    first = stays.get(home[0], -1)
    return first >= 0 and all(stays.get(atom) == first + atom - home[0] for atom in _atoms_of(home))


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
