"""Put the terms of a vocabulary where they were spoken, and nowhere else.

A prompt with terms makes Whisper write them, also where no one said them, and changes other words. So the text is that
of a pass without them. Of a second pass, which sees the terms, only the terms are taken, each in the place of words
that are spelled nearly alike: those that the first pass wrote at that point of the text. And only if the audio doesn't
speak against it: the model is asked how probable the text is either way, with both spellings in its prompt.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from speechserver.languages import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    # How much likelier the second text is than the first, as a logarithm; the word or words that differ are the third
    Preference = Callable[[tuple[str, str], str], float]
    Words = Sequence[dict[str, Any]]

# How alike words and a term must be spelled, as difflib's ratio; in a few letters it is often high by chance
LEAST_ALIKE, LEAST_ALIKE_SHORT, SHORT = 0.6, 0.75, 4
# How much less probable a text may become with each word of a term, as a logarithm: an odd spelling costs a little,
# another sound more
LEAST_PREFERENCE = -2.5
# What is compared with a term has at most so many times its letters
LONGEST_RUN = 2
# Where the passes differ, a term is compared with the words that are about as far from the last common one
NEARBY = 4
# A term may have an ending, such as that of a genitive
LONGEST_ENDING = 2


class Unit(NamedTuple):
    """What texts are compared by: a word, or a character in a language without spaces.

    Its letters are from `start` to before `end` in word number `word`, without the punctuation around them.
    """

    letters: str
    word: int
    start: int
    end: int


class Place(NamedTuple):
    """Words `at` to before `until` of a segment, without what is before `start` in the first or from `end` in the last.

    `space` is what is between words.
    """

    at: int
    until: int
    start: int
    end: int
    space: str


Block = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Units `first` to before `end` of the plain pass are to be written as `text`, a term that they are like."""

    first: int
    end: int
    text: str
    alikeness: float


def corrected(
    segments: list[dict[str, Any]], biased: str, terms: Sequence[str], language: str, preference: Preference
) -> list[dict[str, Any]]:
    """Return the segments of the plain pass with the terms that the text of the biased pass has in their places.

    Times and confidences stay those of the words that a term replaces. `preference` is asked for each replacement.
    """
    is_spaced = language not in UNSPACED
    mine = _units([word["word"] for one in segments for word in one["words"]], is_spaced=is_spaced)
    theirs = _units(biased.split() if is_spaced else [biased], is_spaced=is_spaced)
    # From the last to the first, so that the numbers of the words before stay the same
    found = sorted(_replacements(mine, theirs, terms), key=lambda one: one.first, reverse=True)
    written = list(segments)
    for one in found:
        first, last = mine[one.first], mine[one.end - 1]
        number, from_word = _segment_with(segments, first.word)
        place = Place(
            first.word - from_word, last.word - from_word + 1, first.start, last.end, " " if is_spaced else ""
        )
        if place.until > len(segments[number]["words"]):
            continue
        changed = [*segments[:number], _rewritten(segments[number], place, one.text), *segments[number + 1 :]]
        likelier = preference((_text(segments), _text(changed)), _at(segments[number], place))
        if likelier >= LEAST_PREFERENCE * len(one.text.split()):
            written[number] = _rewritten(written[number], place, one.text)
    return written


def _segment_with(segments: Sequence[dict[str, Any]], word: int) -> tuple[int, int]:
    """Return the number of the segment that has a word, and the number of that segment's first word."""
    from_word = 0
    for number, segment in enumerate(segments):
        if word < from_word + len(segment["words"]):
            return number, from_word
        from_word += len(segment["words"])
    raise IndexError(word)


def _text(segments: Iterable[dict[str, Any]]) -> str:
    return " ".join(segment["text"] for segment in segments)


def letters_of(text: str) -> str:
    """Return what of a text sounds: letters and digits, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _units(words: Sequence[str], *, is_spaced: bool) -> list[Unit]:
    units = []
    for number, word in enumerate(words):
        places = [place for place, letter in enumerate(word) if letter.isalnum()]
        if is_spaced and places:
            units.append(Unit(letters_of(word), number, places[0], places[-1] + 1))
        elif places:
            units += [Unit(letters_of(word[place]), number, place, place + 1) for place in places]
    return units


def _replacements(mine: Sequence[Unit], theirs: Sequence[Unit], terms: Sequence[str]) -> list[Replacement]:
    """Return what is to be replaced; of those that overlap the one that is most alike."""
    spelled = [unit.letters for unit in mine]
    blocks = SequenceMatcher(None, spelled, [unit.letters for unit in theirs], autojunk=False).get_opcodes()
    known = {letters_of(term) for term in terms}
    candidates = []
    for term, first, end in _finds(theirs, terms):
        found = "".join(unit.letters for unit in theirs[first:end])
        one = _most_alike(spelled, *_counterpart(blocks, first, end), found)
        if one and not _has_it(spelled[one.first : one.end], theirs[first:end], found, known):
            candidates.append(replace(one, text=term + found[len(letters_of(term)) :]))
    chosen: list[Replacement] = []
    for one in sorted(candidates, key=lambda one: one.alikeness, reverse=True):
        if all(one.end <= other.first or one.first >= other.end for other in chosen):
            chosen.append(one)
    return chosen


def _has_it(mine: Sequence[str], theirs: Sequence[Unit], found: str, known: set[str]) -> bool:
    """Tell whether the plain pass wrote this term, in as many words, or another one of the vocabulary."""
    written = "".join(mine)
    return written in {found, *known} and not (written == found and len(mine) != len(theirs))


def _finds(units: Sequence[Unit], terms: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each term that these units have, with its first unit and the one behind its last."""
    for term in terms:
        wanted = letters_of(term)
        for first in range(len(units) if wanted else 0):
            run = ""
            for end in range(first + 1, len(units) + 1):
                run += units[end - 1].letters
                if run.startswith(wanted) and len(run) <= len(wanted) + LONGEST_ENDING:
                    yield term, first, end
                if run == wanted or not wanted.startswith(run):
                    break


def _counterpart(blocks: Sequence[Block], first: int, end: int) -> tuple[int, int]:
    """Return which units of the plain pass are where these of the biased pass are: the first and the one behind."""
    places = []
    for tag, mine_from, mine_to, from_, to in blocks:
        if to > first and from_ < end:
            shift, slack = mine_from - from_, 0 if tag == "equal" else NEARBY
            places.append(min(max(mine_from, first + shift - slack), mine_to))
            places.append(min(max(mine_from, end + shift + slack), mine_to))
    return min(places), max(places)


def _most_alike(spelled: Sequence[str], low: int, high: int, found: str) -> Replacement | None:
    """Return the units within these bounds that are most like the term as found; None if none are."""
    best: Replacement | None = None
    least = LEAST_ALIKE if len(found) > SHORT else LEAST_ALIKE_SHORT
    for first in range(low, high):
        for end in range(first + 1, high + 1):
            run = "".join(spelled[first:end])
            if len(run) > LONGEST_RUN * len(found):
                break
            alikeness = SequenceMatcher(None, run, found, autojunk=False).ratio()
            if alikeness >= least and (best is None or alikeness > best.alikeness):
                best = Replacement(first, end, "", alikeness)
    return best


def _at(segment: dict[str, Any], place: Place) -> str:
    """Return what is written at a place, without the punctuation around it."""
    words = [word["word"] for word in segment["words"][place.at : place.until]]
    return place.space.join([*words[:-1], words[-1][: place.end]])[place.start :]


def _rewritten(segment: dict[str, Any], place: Place, term: str) -> dict[str, Any]:
    """Return the segment with a term at a place."""
    words, text = segment["words"], segment["text"]
    old = words[place.at : place.until]
    before, after = old[0]["word"][: place.start], old[-1]["word"][place.end :]
    if term.islower() and old[0]["word"][place.start].isupper():
        term = term[0].upper() + term[1:]
    written = before + term + after
    start, end = _found([word["word"] for word in words], text, place)
    new = _timed(written.split() if place.space else [written], old)
    return {
        **segment,
        "text": text[:start] + written + text[end:],
        "words": [*words[: place.at], *new, *words[place.until :]],
    }


def _found(words: Sequence[str], text: str, place: Place) -> tuple[int, int]:
    """Return where in a text the words of a place are; the text has all of them in their order."""
    start = end = 0
    for number, word in enumerate(words[: place.until]):
        found = text.index(word, end)
        start = found if number == place.at else start
        end = found + len(word)
    return start, end


def _timed(written: Sequence[str], replaced: Words) -> list[dict[str, Any]]:
    """Return words in place of others, with their times: each its own if they are as many, else in parts by letters."""
    if len(written) == len(replaced):
        return [{**old, "word": new} for new, old in zip(written, replaced, strict=True)]
    start, end = replaced[0]["start"], replaced[-1]["end"]
    letters = [0, *accumulate(len(word) for word in written)]
    times = [round(start + (end - start) * count / letters[-1], 3) for count in letters]
    confidence = min(word["confidence"] for word in replaced)
    return [
        {**replaced[0], "word": word, "start": times[number], "end": times[number + 1], "confidence": confidence}
        for number, word in enumerate(written)
    ]
