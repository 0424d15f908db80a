"""Two changed texts merged over the one they came from, word by word (diff3). The person's words win."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import diff
from transcripts.document.segmentation.pieces import Piece, text_of
from transcripts.document.timing import estimated
from transcripts.document.values import Segment, Timing, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where a person's words stayed although the new words differ. Either text may be empty."""

    start_ms: int
    end_ms: int
    kept: str
    offered: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the three texts that is the same in all, or differs in some."""

    base: Sequence[Piece]
    ours: Sequence[Piece]
    theirs: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the result has in place of a part. `is_own` says that it is the person's, at the times it had before."""

    words: Sequence[Piece]
    is_own: bool = False
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the result, from which word to before which, a person's words stayed in place of `offered`.

    `before` and `after` words around them are shown with both, if there would be nothing to show.
    """

    first: int
    last: int
    offered: Sequence[Piece]
    before: int = 0
    after: int = 0


def three_way_merge(
    base: Sequence[Piece], ours: Sequence[Piece], theirs: Sequence[Piece], *, span: tuple[int, int]
) -> tuple[list[Piece], list[Conflict]]:
    """Merge a person's words with new ones over the old ones; return the words, all timed, and the conflicts.

    Words are the same whatever their case and punctuation, but a person's case and punctuation stay. `span` is the
    time of the whole in ms.
    """
    words: list[Piece] = []
    own: list[bool] = []
    places: list[_Place] = []
    for part in _parts(base, ours, theirs):
        chosen = _chosen(part)
        if chosen.is_conflict:
            places.append(_Place(len(words), len(words) + len(chosen.words), part.theirs))
        words += chosen.words
        own += [chosen.is_own] * len(chosen.words)
    words = _timed(words, own, span)
    taken = {word for place in places for word in range(place.first, place.last)}
    return words, [_conflict(words, _with_neighbour(place, taken, len(words))) for place in places]


def _parts(base: Sequence[Piece], ours: Sequence[Piece], theirs: Sequence[Piece]) -> Iterator[_Part]:
    """Cut the three texts where both others agree with the base, and between changes that do not touch."""
    at = own = new = 0
    for group in _groups(sorted([*_changes(base, ours, is_own=True), *_changes(base, theirs, is_own=False)])):
        first, last = group[0].first, max(change.last for change in group)
        same = first - at
        yield from _same(base[at:first], ours[own : own + same], theirs[new : new + same])
        own, new = own + same, new + same
        own_size = last - first + sum(change.growth for change in group if change.is_own)
        new_size = last - first + sum(change.growth for change in group if not change.is_own)
        yield _Part(base[first:last], ours[own : own + own_size], theirs[new : new + new_size])
        at, own, new = last, own + own_size, new + new_size
    yield from _same(base[at:], ours[own:], theirs[new:])


def _same(base: Sequence[Piece], ours: Sequence[Piece], theirs: Sequence[Piece]) -> Iterator[_Part]:
    """Words that are the same in all, one by one."""
    return (_Part([one], [own], [new]) for one, own, new in zip(base, ours, theirs, strict=True))


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """Words `first` to `last` of the base are others in one of the texts, `growth` more of them."""

    first: int
    last: int
    is_own: bool
    growth: int


def _changes(base: Sequence[Piece], other: Sequence[Piece], *, is_own: bool) -> Iterator[_Change]:
    for change in diff.changes([piece.key for piece in base], [piece.key for piece in other]):
        growth = change.end - change.begin - (change.last - change.first)
        if change.tag == "replace" and growth == 0:
            # As many other words: each in the place of one.
            yield from (_Change(word, word + 1, is_own, 0) for word in range(change.first, change.last))
        elif change.tag != "equal":
            yield _Change(change.first, change.last, is_own, growth)


def _groups(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Put together what changes the same words; what is put in between may belong to either side."""
    group: list[_Change] = []
    reach, is_open = 0, False
    for change in changes:
        is_between = change.first == change.last
        touches = change.first < reach or (change.first == reach and (is_open or is_between))
        if group and not touches:
            yield group
            group = []
        is_open = is_between if not group or change.last > reach else is_open or (is_between and change.last == reach)
        reach = max(reach, change.last) if group else change.last
        group.append(change)
    if group:
        yield group


def _chosen(part: _Part) -> _Chosen:
    base, ours, theirs = ([piece.key for piece in run] for run in (part.base, part.ours, part.theirs))
    is_untouched = [piece.written for piece in part.ours] == [piece.written for piece in part.base]
    if base == ours == theirs:
        pairs = zip(part.ours, part.theirs, strict=True)
        return _Chosen([_together(own, new, is_untouched=is_untouched) for own, new in pairs])
    if is_untouched:
        return _Chosen(part.theirs)
    return _Chosen(part.ours, is_own=True, is_conflict=theirs not in (base, ours))


def _together(own: Piece, new: Piece, *, is_untouched: bool) -> Piece:
    """The same word transcribed again: the new one, with the case and punctuation that a person gave it."""
    if is_untouched:
        return replace(new, space=own.space)
    return replace(own, word=replace(new.word, text=own.word.text))


def _timed(words: Sequence[Piece], own: Sequence[bool], span: tuple[int, int]) -> list[Piece]:
    """Let times only grow: words that stayed yield to the new ones around them."""
    reached = span[0]
    spoken: list[Word] = []
    for piece, is_own, limit in zip(words, own, _limits(words, own, span[1]), strict=True):
        word = piece.word
        if is_own and not (
            word.start_ms is not None and word.end_ms is not None and reached <= word.start_ms and word.end_ms <= limit
        ):
            word = replace(word, start_ms=None, end_ms=None, timing=Timing.UNTIMED)
        reached = max(reached, word.end_ms or 0)
        spoken.append(word)
    timed = estimated(Segment("", span[0], max(reached, span[1]), None, tuple(spoken))).words if spoken else ()
    return [replace(piece, word=word) for piece, word in zip(words, _growing(timed), strict=True)]


def _limits(words: Sequence[Piece], own: Sequence[bool], end_ms: int) -> list[int]:
    """By when each word has to end: where the next new one begins."""
    limits: list[int] = []
    for piece, is_own in zip(reversed(words), reversed(own), strict=True):
        limits.append(end_ms)
        if not is_own and piece.word.start_ms is not None:
            end_ms = piece.word.start_ms
    return limits[::-1]


def _growing(words: Iterable[Word]) -> Iterator[Word]:
    start_ms = 0
    for word in words:
        start_ms = max(start_ms, word.start_ms or 0)
        yield replace(word, start_ms=start_ms, end_ms=max(start_ms, word.end_ms or 0))


def _with_neighbour(place: _Place, taken: AbstractSet[int], count: int) -> _Place:
    """If a person's words are none, a word beside them tells where that is; not one that is in question itself."""
    if place.first < place.last:
        return place
    if place.first > 0 and place.first - 1 not in taken:
        return replace(place, before=1)
    if place.last < count and place.last not in taken:
        return replace(place, after=1)
    return place


def _conflict(words: Sequence[Piece], place: _Place) -> Conflict:
    """The time of both the words that stayed and the new ones."""
    before, after = words[place.first - place.before : place.first], words[place.last : place.last + place.after]
    kept = [*before, *words[place.first : place.last], *after]
    offered = [*before, *place.offered, *after]
    both = [piece.word for piece in (*kept, *offered)]
    start_ms = min(word.start_ms or 0 for word in both)
    end_ms = max(word.end_ms or 0 for word in both)
    return Conflict(start_ms, max(start_ms, end_ms), text_of(kept), text_of(offered))
