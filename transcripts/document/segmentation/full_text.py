"""A text and the words that a recogniser lists for it, made one: the text says what was said, the words say when.

What only the text holds becomes words without times in their place. What only the list holds stays too, in its place.
If both have another spelling of the same ("seven", "7") the text's is taken, with the times of the list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts
from transcripts.document.segmentation.pieces import Piece
from transcripts.document.timing import shared
from transcripts.document.values import Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# No page waits for this, but the whole text of hours is compared.
BUDGET = 5_000_000
# Other words in the place of so many at most may be a spelling of them.
MOST_RESPELLED = 12
# So alike must two spellings be, as a share of the longer one's letters.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """A word of the result. `number` is that of the listed word which it is, None for what only the text holds.

    `is_respelled` tells that the list spells it otherwise, `is_unwritten` that the text does not hold it there.
    """

    piece: Piece
    number: int | None = None
    is_respelled: bool = False
    is_unwritten: bool = False


@dataclass(slots=True)
class _Entry:
    """Atoms of the text that are atoms of the list; either may be none."""

    atoms: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    is_respelled: bool = False


def spelled(text: str, words: Sequence[Word]) -> list[Part]:
    """Return the words of both, in order, written as the text writes them."""
    return _Spelling(text, words).parts()


class _Spelling:
    """The atoms of a text, and those of the listed words with the number of their word."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self._text, self._words = text, words
        self._spans = scripts.spoken_atoms(text)
        self._tokens = [
            (number, piece)
            for number, word in enumerate(words)
            for piece in scripts.words_in(word.text) or [word.text]
            # Punctuation that is listed as a word is in the text already.
            if scripts.is_spoken(piece) or piece not in text
        ]
        self._keys = [scripts.key(text[begin:end]) for begin, end in self._spans]
        self._listed = [scripts.key(piece) for _, piece in self._tokens]

    def parts(self) -> list[Part]:
        parts: list[Part] = []
        last = -1
        for entry in self._whole(self._without_moved(list(self._entries()))):
            follows = bool(entry.atoms) and entry.atoms[0] == last + 1
            if parts and not follows:
                parts[-1] = replace(parts[-1], piece=replace(parts[-1].piece, space=None))
            parts += self._parts_of(entry)
            last = entry.atoms[-1] if entry.atoms else -2
        return parts

    # What is the same

    def _entries(self) -> Iterator[_Entry]:
        if self._keys != self._listed and "".join(self._keys) == "".join(self._listed):
            yield from self._by_letters(0, len(self._keys), 0, len(self._listed))
            return
        for change in diff.changes(self._keys, self._listed, budget=BUDGET):
            if change.tag == "equal":
                pairs = zip(range(change.first, change.last), range(change.begin, change.end), strict=True)
                yield from (_Entry([atom], [token]) for atom, token in pairs)
            else:
                yield from self._different(change)

    def _different(self, change: diff.Change) -> Iterator[_Entry]:
        ours, theirs = self._keys[change.first : change.last], self._listed[change.begin : change.end]
        atoms, tokens = list(range(change.first, change.last)), list(range(change.begin, change.end))
        if "".join(ours) == "".join(theirs):
            yield from self._by_letters(change.first, change.last, change.begin, change.end)
        elif len(atoms) == len(tokens) and all(_is_respelled([a], [b]) for a, b in zip(ours, theirs, strict=True)):
            for atom, token in zip(atoms, tokens, strict=True):
                yield _Entry([atom], [token], is_respelled=True)
        elif _is_respelled(ours, theirs):
            yield _Entry(atoms, tokens, is_respelled=True)
        else:
            yield from (_Entry([], [token]) for token in tokens)
            yield from (_Entry([atom], []) for atom in atoms)

    def _by_letters(self, first: int, last: int, begin: int, end: int) -> Iterator[_Entry]:
        """Pair the same letters that are cut at other places."""
        token, left = begin, len(self._listed[begin]) if begin < end else 0
        for atom in range(first, last):
            needed, tokens = len(self._keys[atom]), [token]
            while needed > left and token + 1 < end:
                needed -= left
                token, left = token + 1, len(self._listed[token + 1])
                tokens.append(token)
            left -= needed
            yield _Entry([atom], tokens)
            if left <= 0 and token + 1 < end:
                token, left = token + 1, len(self._listed[token + 1])

    def _without_moved(self, entries: list[_Entry]) -> Iterator[_Entry]:
        """Leave out what only the text has at this place, if the list has it at another."""
        elsewhere = Counter(self._listed[token] for entry in entries if not entry.atoms for token in entry.tokens)
        for is_only_text, run in groupby(entries, key=lambda entry: not entry.tokens):
            some = list(run)
            keys = Counter(self._keys[entry.atoms[0]] for entry in some) if is_only_text else Counter[str]()
            moved = keys & elsewhere
            if 2 * moved.total() < keys.total():
                moved.clear()
            elsewhere -= moved
            for entry in some:
                if is_only_text and moved[self._keys[entry.atoms[0]]] > 0:
                    moved[self._keys[entry.atoms[0]]] -= 1
                else:
                    yield entry

    # Words again

    def _whole(self, entries: Iterable[_Entry]) -> Iterator[_Entry]:
        """Put together the atoms of one listed word, and the listed words of one atom."""
        held: _Entry | None = None
        for entry in entries:
            if held is not None and self._belongs(held, entry):
                held.atoms += entry.atoms
                held.tokens += entry.tokens
                continue
            if held is not None:
                yield held
            held = entry
        if held is not None:
            yield held

    def _belongs(self, held: _Entry, entry: _Entry) -> bool:
        if not held.tokens or not entry.tokens or held.is_respelled or entry.is_respelled:
            return False
        if bool(held.atoms) != bool(entry.atoms):
            return False
        return self._tokens[held.tokens[-1]][0] == self._tokens[entry.tokens[0]][0]

    def _parts_of(self, entry: _Entry) -> Iterator[Part]:
        numbers = list(dict.fromkeys(self._tokens[token][0] for token in entry.tokens))
        listed = [self._words[number] for number in numbers]
        if not entry.atoms:
            text = scripts.joined(self._tokens[token][1] for token in entry.tokens)
            yield Part(Piece(text, None, replace(listed[0], text=text)), numbers[0], is_unwritten=True)
        elif entry.is_respelled and len(entry.atoms) > 1:
            texts = [self._spoken(atom, atom) for atom in entry.atoms]
            words = _shared([Word(text) for text in texts], listed)
            for atom, word in zip(entry.atoms, words, strict=True):
                yield Part(self._piece(atom, atom, word), numbers[0], is_respelled=True)
        else:
            word = _one(self._spoken(entry.atoms[0], entry.atoms[-1]), listed)
            number = numbers[0] if numbers else None
            yield Part(self._piece(entry.atoms[0], entry.atoms[-1], word), number, entry.is_respelled)

    def _spoken(self, first: int, last: int) -> str:
        return self._text[self._spans[first][0] : self._spans[last][1]]

    def _piece(self, first: int, last: int, word: Word) -> Piece:
        """The stretch of the text up to the next atom, what comes before the first one with it."""
        begin = self._spans[first][0] if first else 0
        end = self._spans[last + 1][0] if last + 1 < len(self._spans) else len(self._text)
        stretch = self._text[begin:end]
        written = stretch.rstrip()
        is_last = last + 1 == len(self._spans)
        return Piece(written.lstrip(), None if is_last else stretch[len(written) :], word)


def _one(text: str, listed: Sequence[Word]) -> Word:
    """The listed words as one: it lasts from the first to the last, and is as sure as the least sure."""
    if not listed:
        return Word(text)
    sure = [word.confidence for word in listed if word.confidence is not None]
    ends = [word.end_ms for word in listed if word.end_ms is not None]
    timed = [word for word in listed if word.start_ms is not None]
    return Word(
        text,
        timed[0].start_ms if timed else None,
        max(ends) if timed and ends else None,
        min(sure, default=None),
        timed[0].timing if timed else Timing.UNTIMED,
    )


def _shared(words: list[Word], listed: Sequence[Word]) -> list[Word]:
    """Words in the place of others share their time."""
    whole = _one("", listed)
    if whole.start_ms is None or whole.end_ms is None:
        return words
    return shared(words, whole.start_ms, whole.end_ms)


def _is_respelled(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether words may be another spelling of others: a number and its name, or mostly the same letters."""
    if not ours or not theirs or max(len(ours), len(theirs)) > MOST_RESPELLED:
        return False
    if _are_numbers(ours, theirs) or _are_numbers(theirs, ours):
        return True
    one, other = "".join(ours), "".join(theirs)
    same = sum(found.last - found.first for found in diff.changes(one, other) if found.tag == "equal")
    return same >= ALIKE * max(len(one), len(other))


def _are_numbers(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether one is all numbers and the other may be their names, which are as many words or more."""
    has_digits = any(letter.isdigit() for key in theirs for letter in key)
    return all(key[:1].isdigit() for key in ours) and not has_digits and len(ours) <= len(theirs)
