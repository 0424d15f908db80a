"""The segments of a transcript as editing sees them: in an order, named by keys, with those that left the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from transcripts.document.values import Segment


@dataclass(frozen=True, slots=True)
class Row:
    """A segment of a transcript. Its `segment.speaker` is the key of the speaker.

    `born` is the number of the change that made it, `split_from` the key of the row whose words it took. One that is
    `gone` is not in the text; `merged_into` is the key of the row that took its words, empty if it was removed.
    `returned` is the number of the change that last took it out of such a row again, 0 if that is long ago.
    `is_reviewed` says that a person declared its text right.
    """

    key: str
    segment: Segment
    revision: int = 1
    is_human: bool = False
    split_from: str = ""
    born: int = 0
    returned: int = 0
    gone: bool = False
    merged_into: str = ""
    is_reviewed: bool = False

    @property
    def text(self) -> str:
        """What the segment says."""
        return self.segment.text

    @property
    def came(self) -> int:
        """The number of the change that last split it off another row, or made it."""
        return max(self.born, self.returned)

    def back(self, was: Row, number: int) -> Row:
        """Return the row as one that the change `number` split off again, if it `was` merged into another before."""
        if self.gone or not was.gone or not was.merged_into:
            return self
        return replace(self, split_from=was.merged_into, returned=number)

    def saying(self, segment: Segment) -> Row:
        """Return the row, in the text, with another segment. A text that was declared right is not if it changed."""
        is_reviewed = self.is_reviewed and segment.text == self.text
        return replace(self, segment=segment, gone=False, merged_into="", is_reviewed=is_reviewed)


@dataclass(frozen=True, slots=True)
class Overwritten:
    """Words of another person, `offered`, in whose place an edit put others, `kept`, in the row with this key."""

    key: str
    kept: str
    offered: str


class Rows(Protocol):
    """What editing reads and changes. Rows that are gone are found by their key, and nowhere else."""

    def get(self, key: str) -> Row | None:
        """Return a row, one that is gone too."""

    def before(self, key: str) -> Row | None:
        """Return the row before this one in the text."""

    def split_off(self, key: str, since: int) -> list[Row]:
        """Return the rows into which others took words of this one by changes after `since`, in order."""

    def put(self, row: Row) -> None:
        """Change a row."""

    def place(self, row: Row, after: str | None) -> None:
        """Put a new row behind another; first without one, last behind one that isn't known."""


def family(rows: Iterable[Row], key: str, since: int, own: AbstractSet[int]) -> list[Row]:
    """Return those of the rows, in order, into which others took words of a row by changes after `since`.

    They were split off it, directly or not, or what was split off was merged into them. A row that was split off by a
    change of one's `own` since begins a family of its own, with what others split off its origin behind it.
    """
    rows = list(rows)
    new = [row for row in rows if row.split_from and row.came > since]
    mine = {row.key: row.split_from for row in new if row.came in own}
    merged = {row.key: row.merged_into for row in rows if row.gone and row.merged_into}
    names = _taking([row for row in new if row.came not in own], set(_chain(key, mine)), merged)
    found = []
    for row in dropwhile(lambda row: row.key != key, rows):
        if row.key == key or row.gone:
            continue
        if row.key in mine and not names.isdisjoint(_chain(row.key, mine)):
            break
        if row.key in names:
            found.append(row)
    return found


def _taking(new: Sequence[Row], names: set[str], merged: Mapping[str, str]) -> set[str]:
    """Return the names with those of rows that took words of them: by being split off, or by a merge."""
    found = names
    while found:
        names = names | found
        taken = [row.key for row in new if not names.isdisjoint(_chain(row.split_from, merged))]
        found = {home for key in taken for home in _chain(key, merged)} - names
    return names


def _chain(key: str, following: Mapping[str, str]) -> list[str]:
    """Return a key with those that follow it."""
    chain = [key]
    while chain[-1] in following:
        chain.append(following[chain[-1]])
    return chain


class MemoryRows:
    """Rows in memory. `own` are the numbers of the changes of the page whose operations are applied."""

    own: AbstractSet[int] = frozenset()

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = {row.key: row for row in rows}
        self._order = list(self.rows)

    def get(self, key: str) -> Row | None:
        """Return a row, one that is gone too."""
        return self.rows.get(key)

    def before(self, key: str) -> Row | None:
        """Return the row before this one in the text."""
        earlier = reversed(self._order[: self._order.index(key)])
        return next((self.rows[name] for name in earlier if not self.rows[name].gone), None)

    def split_off(self, key: str, since: int) -> list[Row]:
        """Return the rows into which others took words of this one by changes after `since`, in order."""
        return family([self.rows[name] for name in self._order], key, since, self.own)

    def put(self, row: Row) -> None:
        """Change a row."""
        self.rows[row.key] = row

    def place(self, row: Row, after: str | None) -> None:
        """Put a new row behind another; first without one, last behind one that isn't known."""
        known = after in self.rows if after is not None else False
        at = 0 if after is None else self._order.index(after) + 1 if known else len(self._order)
        self._order.insert(at, row.key)
        self.rows[row.key] = row

    def present(self) -> Sequence[Row]:
        """Return the rows that are in the text, in order."""
        return [self.rows[key] for key in self._order if not self.rows[key].gone]

    def ordered(self) -> Sequence[Row]:
        """Return all rows in order, those that are gone too."""
        return [self.rows[key] for key in self._order]
