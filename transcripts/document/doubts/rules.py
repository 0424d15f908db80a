"""Which words want a second look, and why.

The page has the same rules in `static/js/panels/doubts/rules.js`: both are held to tests/document/doubt_cases.json.
A word that a person accepted (its confidence is 1) or typed is settled, and in no doubt.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import regex

from transcripts.document import alignment
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

# Numbers and names are what hurts most if it is wrong: they are doubtful below this, whatever the threshold.
SURE_PERCENT = 90
# A name that comes more often was transcribed the same way each time.
MOST_NAMINGS = 2
# In German each noun has a capital: with more of them than this, in a text that is long enough, they don't tell names.
MOST_CAPITALS, FEW_WORDS = 0.15, 40
# Of the loudest peak, 255: what is quieter is silence.
SILENT = 4
LONGEST_ITEM = 6
CERTAIN = 100

_LETTERS = regex.compile(r"[\p{L}\p{N}\p{M}]")
_HAS_DIGIT = regex.compile(r"\p{N}")
_CAPITAL = regex.compile(r"[^\p{L}\p{N}]*\p{Lu}[\p{L}\p{M}]")
_BEFORE_SENTENCE = regex.compile(r"(?:[.!?…:;。！？]|^)[\p{P}\s]*$")
_CLOSES_SENTENCE = regex.compile(r"[.!?…。！？]\p{P}*$")
_MARKS_AT_START = regex.compile(r"^\p{P}+")
_MARKS_AT_END = regex.compile(r"\p{P}+$")
_NEAR = 8
_NUMBER_WORD = regex.compile(
    """two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen
    |nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion
    |zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig
    |neunzig|hundert|tausend|millionen|milliarden
    |deux|trois|quatre|cinq|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante
    |soixante|cent|mille|millions|milliards
    |dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veinte|treinta|cuarenta|cincuenta
    |sesenta|setenta|ochenta|noventa|cien|ciento|mil|millones""",
    regex.VERBOSE,
)


class Kind(StrEnum):
    """Why a word is doubtful, the most pressing reason first."""

    VOCABULARY = "vocabulary"  # nearly a term of the team
    SILENCE = "silence"  # nothing sounds there
    REPEAT = "repeat"  # the same word twice
    CONFIDENCE = "confidence"  # the recogniser was unsure
    NUMBER = "number"
    NAME = "name"


_ORDER = list(Kind)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one word of a segment, whatever the other segments say. `confidence` is in percent."""

    first: int
    last: int
    said: str
    start_ms: int
    end_ms: int
    confidence: int | None
    key: str
    is_settled: bool
    is_capital: bool
    is_number: bool
    is_silent: bool
    is_last: bool
    is_repeated: bool = False

    @property
    def is_unsure(self) -> bool:
        """Whether the recogniser was not quite sure of it, or didn't say."""
        return self.confidence is None or self.confidence < SURE_PERCENT


@dataclass(frozen=True, slots=True)
class Item:
    """Adjacent words that are doubtful for these reasons; `term` is what they nearly are."""

    text: str
    first: int
    last: int
    start_ms: int
    end_ms: int
    kinds: tuple[Kind, ...]
    confidence: int | None
    term: str = ""


# From the first to the last word of a segment, and what they nearly say.
NearMiss = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides about doubt besides the words: the threshold in percent, and what is known of the transcript."""

    threshold: int
    names: Mapping[str, int] | None = None
    near_misses: Callable[[Sequence[Fact]], Sequence[NearMiss]] = field(default=lambda _: ())
    is_known: Callable[[str], bool] = field(default=lambda _: False)


def key_of(text: str) -> str:
    """Return what a word is compared by: its letters and digits."""
    return "".join(_LETTERS.findall(text.lower()))


def without_marks(text: str) -> str:
    """Return words without the punctuation around them."""
    return _MARKS_AT_START.sub("", _MARKS_AT_END.sub("", text)) or text


def facts_of(segment: Segment, *, is_human: bool, is_silent: Callable[[int, int], bool] | None = None) -> list[Fact]:
    """Return what is known of each timed word. `is_silent` says whether nothing sounds between two moments."""
    found = []
    spans = alignment.spans(segment.text, [word.text for word in segment.words])
    for word, span in zip(segment.words, spans, strict=True):
        if span is not None and word.start_ms is not None and word.end_ms is not None:
            silent = is_silent is not None and word.timing != Timing.ESTIMATED and word.end_ms > word.start_ms
            fact = _fact(segment.text, word, span, is_human=is_human)
            found.append(
                replace(fact, is_silent=silent and is_silent is not None and is_silent(fact.start_ms, fact.end_ms))
            )
    return list(_with_repeats(segment.text, found))


def _fact(text: str, word: Word, span: tuple[int, int], *, is_human: bool) -> Fact:
    first, last = span
    said, key = text[first:last], key_of(text[first:last])
    confidence = None if word.confidence is None else int(min(1.0, max(0.0, word.confidence)) * 100)
    is_typed = is_human and confidence is None and word.timing in (Timing.ESTIMATED, Timing.RETAINED)
    begins = _BEFORE_SENTENCE.search(text[max(0, first - _NEAR) : first]) is not None
    closes = _CLOSES_SENTENCE.search(said) or _CLOSES_SENTENCE.search(text[first : last + 1])
    return Fact(
        first=first,
        last=last,
        said=said,
        start_ms=word.start_ms or 0,
        end_ms=max(word.start_ms or 0, word.end_ms or 0),
        confidence=confidence,
        key=key,
        is_settled=confidence == CERTAIN or is_typed,
        is_capital=not begins and _CAPITAL.match(said) is not None,
        is_number=_HAS_DIGIT.search(said) is not None or _NUMBER_WORD.fullmatch(key) is not None,
        is_silent=False,
        is_last=closes is not None,
    )


def _with_repeats(text: str, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts; of a word that is said twice without a mark between both are repeated."""
    again = [at for at in range(1, len(facts)) if _is_again(text, facts[at - 1], facts[at])]
    repeated = {*again, *(at - 1 for at in again)}
    for at, fact in enumerate(facts):
        yield replace(fact, is_repeated=True) if at in repeated else fact


def _is_again(text: str, before: Fact, fact: Fact) -> bool:
    is_same = bool(fact.key) and fact.key == before.key and _HAS_DIGIT.search(fact.key) is None
    beside = not text[before.last : fact.first].strip() and _LETTERS.match(before.said[-1:]) is not None
    return is_same and beside and not fact.is_settled


def names_in(segments: Iterable[Sequence[Fact]]) -> Mapping[str, int] | None:
    """Return how often each name occurs in a transcript; None if capitals don't tell names in it."""
    counts: Counter[str] = Counter()
    words = 0
    for facts in segments:
        words += len(facts)
        counts.update(fact.key for fact in facts if fact.is_capital)
    return None if words >= FEW_WORDS and counts.total() > words * MOST_CAPITALS else counts


def items_of(text: str, facts: Sequence[Fact], rules: Rules) -> list[Item]:
    """Return the items of a segment: adjacent doubtful words are one, a near miss of a term is one of its own."""
    near = [one for one in rules.near_misses(facts) if not all(fact.is_settled for fact in facts[one[0] : one[1] + 1])]
    items = [_item(text, facts[first : last + 1], (Kind.VOCABULARY,), term) for first, last, term in near]
    taken = {at for first, last, _ in near for at in range(first, last + 1)}
    for run in _runs(facts, taken, rules):
        items.append(_item(text, [fact for fact, _ in run], [kind for _, kinds in run for kind in kinds]))
    return sorted(items, key=lambda item: item.first)


def _runs(facts: Sequence[Fact], taken: set[int], rules: Rules) -> Iterator[list[tuple[Fact, list[Kind]]]]:
    """Yield stretches of doubtful words; none goes beyond a sentence."""
    run: list[tuple[Fact, list[Kind]]] = []
    for at, fact in enumerate(facts):
        kinds = [] if at in taken else list(_kinds(fact, rules))
        if run and (not kinds or len(run) == LONGEST_ITEM):
            yield run
            run = []
        if kinds:
            run.append((fact, kinds))
        if run and fact.is_last:
            yield run
            run = []
    if run:
        yield run


def _kinds(fact: Fact, rules: Rules) -> Iterator[Kind]:
    if fact.is_settled:
        return
    if fact.is_silent:
        yield Kind.SILENCE
    if fact.is_repeated:
        yield Kind.REPEAT
    if fact.confidence is not None and fact.confidence < rules.threshold:
        yield Kind.CONFIDENCE
    if fact.is_number and fact.is_unsure:
        yield Kind.NUMBER
    elif _is_rare_name(fact, rules):
        yield Kind.NAME


def _is_rare_name(fact: Fact, rules: Rules) -> bool:
    if not fact.is_capital or not fact.is_unsure or rules.names is None:
        return False
    return rules.names.get(fact.key, 0) <= MOST_NAMINGS and not rules.is_known(fact.key)


def _item(text: str, facts: Sequence[Fact], kinds: Iterable[Kind], term: str = "") -> Item:
    known = [fact.confidence for fact in facts if fact.confidence is not None]
    whole = text[facts[0].first : facts[-1].last]
    said = without_marks(whole)
    first = facts[0].first + whole.index(said)
    ordered = tuple(sorted(set(kinds), key=_ORDER.index))
    return Item(
        said, first, first + len(said), facts[0].start_ms, facts[-1].end_ms, ordered, min(known, default=None), term
    )


def silence(peaks: Sequence[int], duration_ms: int) -> Callable[[int, int], bool] | None:
    """Return what tells whether all peaks of a waveform between two moments are silent; None without a waveform."""
    if not peaks or duration_ms <= 0:
        return None

    def is_silent(start_ms: int, end_ms: int) -> bool:
        first, last = start_ms * len(peaks) // duration_ms, -(-end_ms * len(peaks) // duration_ms)
        return last <= len(peaks) and max(peaks[first:last], default=SILENT + 1) <= SILENT

    return is_silent
