"""Texts that two people changed, merged word by word.

A text is cut at its words, and at each blank alone: two people who add words in one gap don't collide. In scripts
without spaces words are graphemes (`document.scripts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Merged:
    """A text, and where it has words of one side (`kept`) in place of other words of the other (`offered`)."""

    text: str
    lost: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Pieces `first` to `last` of the base are `begin` to `end` of a side."""

    first: int
    last: int
    begin: int
    end: int


def merge(base: str, mine: str, now: str) -> Merged:
    """Put what `mine` changed of `base` onto `now`. Where both changed the same words, mine stand.

    Where both added words in one place both stay, now's first. Of a stretch that one side removed, what the other side
    added to it stays: the rest may have been moved, and would be there twice.
    """
    if base == now or mine == now:
        return Merged(mine)
    if base == mine:
        return Merged(now)
    return _Merging(pieces(base), pieces(mine), pieces(now)).merged()


def pieces(text: str) -> list[str]:
    """Cut a text into its words and single blanks."""
    found: list[str] = []
    reached = 0
    for begin, end in scripts.atoms(text):
        found += text[reached:begin]
        found.append(text[begin:end])
        reached = end
    return [*found, *text[reached:]]


def moved(base: str, now: str, at: int) -> int:
    """Return where a place in `base`, in code points, is in `now`."""
    if base == now:
        return at
    old, new = pieces(base), pieces(now)
    shift, reached = 0, 0
    for change in diff.changes(old, new):
        size = sum(map(len, old[change.first : change.last]))
        grown = sum(map(len, new[change.begin : change.end])) - size
        if change.tag == "equal":
            if at < reached + size:
                return at + shift
        else:
            if at < reached + size or (at == reached and size == 0):
                return min(len(now), reached + shift + (0 if at <= reached else size + grown))
            shift += grown
        reached += size
    return min(len(now), max(0, at + shift))


@dataclass(frozen=True, slots=True)
class _Side:
    """What one side changed in a stretch of the base: `hunks` of its `pieces`."""

    hunks: Sequence[_Hunk]
    pieces: Sequence[str]

    def reading(self, first: int, last: int) -> Sequence[str]:
        """Return what the side has in place of the stretch, nothing if it changed nothing there."""
        if not self.hunks:
            return []
        begin = self.hunks[0].begin - (self.hunks[0].first - first)
        return self.pieces[begin : self.hunks[-1].end + (last - self.hunks[-1].last)]

    def added(self) -> Sequence[str]:
        """Return what the side put there, without what the base has."""
        return [piece for hunk in self.hunks for piece in self.pieces[hunk.begin : hunk.end]]


class _Merging:
    """One merge: goes through the changes of both sides in the order of the base."""

    def __init__(self, base: Sequence[str], mine: Sequence[str], now: Sequence[str]) -> None:
        self._base, self._mine, self._now = base, mine, now
        self._found: list[str] = []
        self._lost: list[tuple[str, str]] = []

    def merged(self) -> Merged:
        mine, now = _hunks(self._base, self._mine), _hunks(self._base, self._now)
        reached = 0
        while mine or now:
            ours, theirs = _next_group(mine, now)
            del mine[: len(ours)], now[: len(theirs)]
            first = min(hunk.first for hunk in (*ours, *theirs))
            last = max(hunk.last for hunk in (*ours, *theirs))
            self._write(self._base[reached:first])
            self._settle(first, last, _Side(ours, self._mine), _Side(theirs, self._now))
            reached = last
        self._write(self._base[reached:])
        return Merged("".join(self._found), tuple(self._lost))

    def _settle(self, first: int, last: int, mine: _Side, now: _Side) -> None:
        """Write what stands in place of a stretch of the base that one side or both changed."""
        ours, theirs = mine.reading(first, last), now.reading(first, last)
        if not mine.hunks or not now.hunks:
            self._write(ours if mine.hunks else theirs)
        elif ours == theirs:
            self._write(ours)
        elif not _has_words(self._base[first:last]):
            self._write(theirs)
            self._write(ours)
        elif not _has_words(ours):
            self._keep_added(now, theirs, removed=ours)
        elif not _has_words(theirs):
            self._keep_added(mine, ours, removed=theirs)
        else:
            self._write(ours)
            self._lose(ours, theirs)

    def _keep_added(self, side: _Side, reading: Sequence[str], *, removed: Sequence[str]) -> None:
        """Write what is left of a stretch that the other side removed, and what this side added to it."""
        added = side.added()
        self._write(removed)
        if _has_words(added):
            self._write(added)
            if _words(added) != _words(reading):
                self._lose(added, reading)

    def _lose(self, kept: Sequence[str], offered: Sequence[str]) -> None:
        self._lost.append(("".join(kept).strip(), "".join(offered).strip()))

    def _write(self, pieces_: Sequence[str]) -> None:
        """Write what follows. Words of two sides stay two words, also if each side removed the blank of the other."""
        if self._found and pieces_ and not self._found[-1].isspace() and not pieces_[0].isspace():
            self._found += scripts.space_between(self._found[-1], pieces_[0])
        self._found += pieces_


def _hunks(base: Sequence[str], side: Sequence[str]) -> list[_Hunk]:
    changed = (change for change in diff.changes(base, side) if change.tag != "equal")
    return [_Hunk(change.first, change.last, change.begin, change.end) for change in changed]


def _next_group(mine: Sequence[_Hunk], now: Sequence[_Hunk]) -> tuple[list[_Hunk], list[_Hunk]]:
    """Return the first changes of both sides that touch each other; of one side alone if they don't."""
    if not mine or not now:
        return list(mine[:1]), list(now[:1])
    if not _touch(mine[0], now[0]):
        is_mine = (mine[0].first, mine[0].last) <= (now[0].first, now[0].last)
        return (list(mine[:1]), []) if is_mine else ([], list(now[:1]))
    ours, theirs = 1, 1
    while True:
        last = max(mine[ours - 1].last, now[theirs - 1].last)
        if ours < len(mine) and mine[ours].first < last:
            ours += 1
        elif theirs < len(now) and now[theirs].first < last:
            theirs += 1
        else:
            return list(mine[:ours]), list(now[:theirs])


def _touch(one: _Hunk, other: _Hunk) -> bool:
    same = (one.first, one.last) == (other.first, other.last)
    return same or (one.first < other.last and other.first < one.last)


def _has_words(some: Sequence[str]) -> bool:
    return any(not piece.isspace() for piece in some)


def _words(some: Sequence[str]) -> list[str]:
    return [piece for piece in some if not piece.isspace()]
