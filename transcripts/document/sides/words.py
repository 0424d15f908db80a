"""The words of a text in their order, each with its place and time, and moments at which no one says any."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.segmentation.pieces import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.values import Segment

# A pause that both texts have is one in the audio, however differently they time their words
PAUSE_MS = 1_000
# Texts are compared in stretches of at least so many words, both together
A_STRETCH = 400


@dataclass(frozen=True, slots=True)
class Said:
    """A word as written with what follows it, from `begin` in the text of its segment (by number)."""

    text: str
    segment: int
    begin: int
    start_ms: int
    end_ms: int

    @property
    def key(self) -> str:
        """What it is compared by: case and punctuation make no other word."""
        return scripts.key(self.text)

    @property
    def end(self) -> int:
        """Where it ends in the text of its segment, without the blank behind it."""
        return self.begin + len(self.text.rstrip())

    @property
    def middle_ms(self) -> int:
        """The middle of its time."""
        return (self.start_ms + self.end_ms) // 2


def words_of(segments: Sequence[Segment]) -> list[Said]:
    """Return all words of a text; a mark that no letter is in belongs to the word before it."""
    return [word for number, segment in enumerate(segments) for word in _words_of(segment, number)]


def _words_of(segment: Segment, number: int) -> list[Said]:
    found: list[Said] = []
    begin = 0
    for text, word in cut(segment):
        start_ms = word.start_ms if word.start_ms is not None else segment.start_ms or 0
        whole = Said(text, number, begin, start_ms, max(start_ms, word.end_ms or 0))
        begin += len(text)
        parts = list(_parts(whole))
        if parts or not found:
            found += parts
        else:
            found[-1] = replace(found[-1], text=found[-1].text + text)
    return found


def _parts(whole: Said) -> Iterator[Said]:
    """Yield the words that a provider listed as one, which share its time."""
    atoms = scripts.spoken_atoms(whole.text)
    # What is before the first word isn't said
    edges = [begin for begin, _ in atoms] + [len(whole.text)]
    length_ms = whole.end_ms - whole.start_ms
    for place, (begin, end) in enumerate(itertools.pairwise(edges)):
        start_ms = whole.start_ms + length_ms * place // len(atoms)
        end_ms = whole.start_ms + length_ms * (place + 1) // len(atoms)
        yield Said(whole.text[begin:end], whole.segment, whole.begin + begin, start_ms, end_ms)


def stretches(mine: Sequence[Said], theirs: Sequence[Said]) -> Iterator[tuple[int, int, int, int]]:
    """Yield from which to before which word of each text what was said in the same time is, cut in pauses of both."""
    first = begin = 0
    for last, end in _common_pauses(_pauses(mine), _pauses(theirs)):
        if last - first + end - begin >= A_STRETCH:
            yield first, last, begin, end
            first, begin = last, end
    yield first, len(mine), begin, len(theirs)


def _common_pauses(
    mine: Sequence[tuple[int, int, int]], theirs: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield before which word of each text there is a pause that both have."""
    place = 0
    for last, since_ms, until_ms in mine:
        while place < len(theirs) and theirs[place][2] < since_ms + PAUSE_MS:
            place += 1
        if place < len(theirs) and theirs[place][1] <= until_ms - PAUSE_MS:
            yield last, theirs[place][0]


def _pauses(words: Sequence[Said]) -> list[tuple[int, int, int]]:
    """Return before which words there is a pause, and from when to when; people may speak at the same time."""
    ended = list(itertools.accumulate((word.end_ms for word in words), max))
    begins = list(itertools.accumulate((word.start_ms for word in reversed(words)), min))[::-1]
    return [(at, ended[at - 1], begins[at]) for at in range(1, len(words)) if begins[at] - ended[at - 1] >= PAUSE_MS]
