"""Times for words that have none, from where someone speaks: pauses fall where sentences and clauses end.

Each stretch of speech gets as many words as take as long to say, and the pause after it is behind a full stop
rather than a comma, and there rather than within a phrase. The best division is searched from the first stretch to the
last, as sentences are aligned by their lengths: W. Gale and K. Church, "A Program for Aligning Sentences in Bilingual
Corpora", Computational Linguistics 19 (1), 1993.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from transcripts.document.values import Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    # From when to when someone speaks, in ms
    Stretch = tuple[int, int]

# Divisions that are followed at the same time; more find nothing better
BEAM = 40
# How long words take varies by the square root of it (in ms), by 15 % of it, for some speak faster, and by where a
# stretch begins and ends
VARIANCE_A_MS, RATE, VARIANCE_OF_ENDS = 56, 0.15, 10_000
# Words farther from what fits than so many standard deviations aren't tried
FARTHEST = 4
# What noise without words costs at most
MOST_FOR_NOISE = 15.0
SENTENCE_ENDS, CLAUSE_ENDS = frozenset(".!?…。！？؟।"), frozenset(",;:–—，、；：،")
# What a sentence's or a clause's end without a pause costs
UNHEARD = {"sentence": 0.7, "clause": 0.2, "": 0.0}
# What a pause there costs, and how much more for each second that it lasts, of which one counts
HEARD = {"sentence": (0.0, 0.0), "clause": (0.4, 0.6), "": (2.0, 2.0)}


@dataclass(frozen=True, slots=True)
class _Said:
    """Words by what they take: `weights[n]` is what the first n take, `unheard[n]` what ends within them cost.

    `strictness` is how far punctuation tells of pauses, 0 to 1: many recognisers write none.
    """

    ends: list[str]
    weights: list[float]
    unheard: list[float]
    ms_a_weight: float
    strictness: float


@dataclass(frozen=True, slots=True)
class _Division:
    """The first `words` words stand in the stretches so far; `before` is the division they come from."""

    cost: float
    words: int
    before: _Division | None = None


def clipped(stretches: Sequence[Stretch], start_ms: int, end_ms: int) -> list[Stretch]:
    """Return what of the stretches lies between two moments."""
    first = bisect_right(stretches, start_ms, key=lambda one: one[1])
    last = bisect_left(stretches, end_ms, key=lambda one: one[0])
    return [(max(start, start_ms), min(end, end_ms)) for start, end in stretches[first:last]]


def laid(words: Sequence[Word], stretches: Sequence[Stretch]) -> list[Word]:
    """Return the words with estimated times within the stretches, of which there is at least one, in order."""
    said = _said(words, stretches)
    found: list[Word] = []
    for (start, end), (first, last) in zip(stretches, _divided(said, stretches), strict=True):
        found += _within(words, said, (first, last), (start, end))
    return found


def _said(words: Sequence[Word], stretches: Sequence[Stretch]) -> _Said:
    ends = [_end_of(word.text) for word in words]
    weights = list(accumulate((_weight(word.text) for word in words), initial=0.0))
    unheard = list(accumulate((UNHEARD[end] for end in ends), initial=0.0))
    spoken_ms, marks = sum(end - start for start, end in stretches), sum(1 for end in ends if end)
    return _Said(ends, weights, unheard, spoken_ms / (weights[-1] or 1), min(1.0, marks / len(stretches)))


def _weight(text: str) -> float:
    """Return what a word takes to say, in letters: a figure is a word, a character of Chinese or Korean a syllable."""
    return 1.5 + sum(_letters(letter) for letter in text if letter.isalnum())


def _letters(letter: str) -> int:
    if letter.isdigit():
        return 4
    return 3 if unicodedata.east_asian_width(letter) in "WF" else 1


def _end_of(text: str) -> str:
    last = text.rstrip("\"'”’»)]")[-1:]
    return "sentence" if last in SENTENCE_ENDS and last else "clause" if last in CLAUSE_ENDS and last else ""


def _divided(said: _Said, stretches: Sequence[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield for each stretch its words: the first, and the one after its last."""
    divisions = [_Division(0.0, 0)]
    for number, (start, end) in enumerate(stretches):
        pause_ms = stretches[number + 1][0] - end if number + 1 < len(stretches) else None
        divisions = _followed(said, divisions, end - start, pause_ms)
    bounds = [division.words for division in _back(min(divisions, key=lambda one: one.cost))][::-1]
    yield from pairwise(bounds)


def _back(division: _Division | None) -> Iterator[_Division]:
    while division is not None:
        yield division
        division = division.before


def _followed(said: _Said, divisions: list[_Division], length_ms: int, pause_ms: int | None) -> list[_Division]:
    """Return the best divisions with one stretch more; without a pause after it, it has all words that are left."""
    best: dict[int, _Division] = {}
    for division in divisions:
        for last in _candidates(said, division.words, length_ms, is_last=pause_ms is None):
            cost = division.cost + _cost(said, division.words, last, length_ms, pause_ms)
            if last not in best or cost < best[last].cost:
                best[last] = _Division(cost, last, division)
    return sorted(best.values(), key=lambda one: one.cost)[:BEAM]


def _candidates(said: _Said, first: int, length_ms: int, *, is_last: bool) -> Iterator[int]:
    """Yield how many words can be said by the end of a stretch."""
    if is_last:
        yield len(said.ends)
        return
    yield first
    most_ms = length_ms + FARTHEST * _variance(length_ms) ** 0.5
    for last in range(first + 1, len(said.ends) + 1):
        if (said.weights[last] - said.weights[first]) * said.ms_a_weight > most_ms:
            # A word that takes longer than the whole stretch may stand there all the same
            if last == first + 1:
                yield last
            return
        yield last


def _cost(said: _Said, first: int, last: int, length_ms: int, pause_ms: int | None) -> float:
    """Return how unlikely it is that the words are what is said in a stretch, as a negative logarithm."""
    takes_ms = (said.weights[last] - said.weights[first]) * said.ms_a_weight
    fit = (takes_ms - length_ms) ** 2 / (2 * _variance(length_ms))
    if last == first:
        return min(fit, MOST_FOR_NOISE)
    unheard = said.unheard[last - 1] - said.unheard[first]
    if pause_ms is None:
        return fit + unheard
    least, a_second = HEARD[said.ends[last - 1]]
    return fit + unheard + said.strictness * (least + a_second * min(pause_ms, 1000) / 1000)


def _variance(length_ms: int) -> float:
    return VARIANCE_A_MS * length_ms + (RATE * length_ms) ** 2 + VARIANCE_OF_ENDS


def _within(words: Sequence[Word], said: _Said, part: tuple[int, int], stretch: Stretch) -> Iterator[Word]:
    """Yield the words of one stretch, each as long as it takes to say."""
    (first, last), (start_ms, end_ms) = part, stretch
    whole = said.weights[last] - said.weights[first] or 1.0
    for at in range(first, last):
        begin, end = (
            start_ms + round((end_ms - start_ms) * (said.weights[n] - said.weights[first]) / whole)
            for n in (at, at + 1)
        )
        yield Word(words[at].text, begin, end, words[at].confidence, Timing.ESTIMATED)
