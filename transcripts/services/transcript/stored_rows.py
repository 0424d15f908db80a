"""The segments of a transcript as the editing core reads and changes them, loaded as they are needed.

An edit touches a few segments of thousands, so only those and their neighbours are read. What the core changes stays
here until `edits` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document.editing.rows import Row, family
from transcripts.models import POSITION_GAP, Edit, EditedSegment, Segment
from transcripts.models.choices import Origin
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

# So many neighbours are read at once to find one that is still in the text.
NEIGHBOURS = 8


class NoRoom(Exception):
    """There is no position between two segments: they have to be spread."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A segment as it was, None if it is new, and what became of it."""

    before: Segment | None
    row: Row
    position: int


class StoredRows:
    """`document.editing.rows.Rows` over the database, for the operations of the page `client`."""

    def __init__(self, transcript_id: UUID, client: str = "") -> None:
        self._transcript_id, self._client = transcript_id, client
        self._stored: dict[str, Segment] = {}
        self._read: dict[str, Row] = {}
        self._now: dict[str, Row] = {}
        self._positions: dict[str, int] = {}

    def load(self, keys: Iterable[str]) -> None:
        """Read these segments in one query."""
        wanted = set(keys) - self._now.keys()
        if wanted:
            self._take(self._segments().filter(key__in=wanted))

    def load_all(self) -> None:
        """Read the whole transcript in one query."""
        self._take(self._segments())

    def get(self, key: str) -> Row | None:
        """Return a segment, one that was removed too."""
        if key not in self._now:
            self.load([key])
        return self._now.get(key)

    def before(self, key: str) -> Row | None:
        """Return the segment before this one in the text."""
        return self._nearest(self._positions[key]) if self.get(key) else None

    def split_off(self, key: str, since: int) -> list[Row]:
        """Return the segments into which others took words of this one by changes after `since`, in order."""
        new = self._segments().filter(born__gt=since).exclude(split_from="")
        self._take(new)
        self._take(self._segments().filter(key__in=new.values("split_from")))
        self._load_homes()
        own = Edit.objects.filter(transcript=self._transcript_id, number__gt=since, client=self._client)
        numbers = set(own.values_list("number", flat=True)) if self._client else set()
        back = self._returned(since)
        return family([back.get(row.key, row) for row in self.known()], key, since, numbers)

    def _returned(self, since: int) -> dict[str, Row]:
        """Return the segments that were taken out of others again by changes after `since`."""
        edited = EditedSegment.objects.filter(edit__transcript=self._transcript_id, edit__number__gt=since)
        merged = edited.filter(before__is_removed=True).exclude(before__merged_into="").order_by("edit__number")
        found: dict[str, Row] = {}
        for key, number, into in merged.values_list("segment__key", "edit__number", "before__merged_into"):
            row = self.get(key)
            if row is not None and not row.gone and into:
                found[key] = replace(row, split_from=into, returned=number)
        return found

    def _load_homes(self) -> None:
        """Read the segments into which those that are known were merged."""
        while wanted := {row.merged_into for row in self._now.values() if row.merged_into} - self._now.keys():
            self.load(wanted)

    def put(self, row: Row) -> None:
        """Change a segment."""
        self._now[row.key] = row

    def place(self, row: Row, after: str | None) -> None:
        """Put a new segment behind another; first without one, last behind one that isn't known."""
        self._positions[row.key] = self._position(after)
        self._now[row.key] = row

    def present(self) -> Sequence[str]:
        """Return the keys of all segments that are in the text, in order."""
        self.load_all()
        return sorted((key for key, row in self._now.items() if not row.gone), key=self._positions.__getitem__)

    def known(self) -> list[Row]:
        """Return all that was read or made, in order; removed segments too."""
        return [self._now[key] for key in sorted(self._now, key=self._positions.__getitem__)]

    def changes(self) -> list[Changed]:
        """Return what is not as it was stored, in order."""
        changed = [key for key, row in self._now.items() if self._read.get(key) != row]
        changed.sort(key=self._positions.__getitem__)
        return [Changed(self._stored.get(key), self._now[key], self._positions[key]) for key in changed]

    def _segments(self) -> QuerySet[Segment]:
        return Segment.with_removed.filter(transcript=self._transcript_id).select_related("speaker")

    def _take(self, segments: Iterable[Segment]) -> None:
        for segment in segments:
            if segment.key not in self._now:
                self._stored[segment.key] = segment
                self._read[segment.key] = self._now[segment.key] = as_row(segment)
                self._positions[segment.key] = segment.position

    def _nearest(self, position: int) -> Row | None:
        """Return the last segment in the text whose position is lower."""
        floor = self._stored_before(position)
        among = [key for key, row in self._now.items() if not row.gone and floor <= self._positions[key] < position]
        return self._now[max(among, key=self._positions.__getitem__)] if among else None

    def _stored_before(self, position: int) -> int:
        """Read backwards until a segment that is still in the text; return its position, -1 if there is none."""
        present = self._segments().filter(is_removed=False).order_by("-position")
        while True:
            some = list(present.filter(position__lt=position)[:NEIGHBOURS])
            self._take(some)
            for segment in some:
                if not self._now[segment.key].gone:
                    return segment.position
            if len(some) < NEIGHBOURS:
                return -1
            position = some[-1].position

    def _position(self, after: str | None) -> int:
        """Return a free position behind a segment, nearer to it than to the next: most that comes after follows it."""
        low = self._positions[after] if after is not None and self.get(after) else None
        if low is None and after is not None:
            last = self._segments().order_by("-position").values_list("position", flat=True).first()
            return max([last or 0, *self._positions.values()], default=0) + POSITION_GAP
        low = -1 if low is None else low
        high = self._next_position(low)
        if high is None:
            return low + POSITION_GAP
        if high - low < 2:
            raise NoRoom
        return low + max(1, (high - low) // 4)

    def _next_position(self, low: int) -> int | None:
        stored = self._segments().filter(position__gt=low).order_by("position").values_list("position", flat=True)
        new = [at for key, at in self._positions.items() if at > low and key not in self._stored]
        return min([*stored[:1], *new], default=None)


def as_row(segment: Segment) -> Row:
    """Return a segment as the editing core reads it."""
    return Row(
        key=segment.key,
        segment=rows.spoken(segment),
        revision=segment.revision,
        is_human=segment.origin == Origin.HUMAN,
        split_from=segment.split_from,
        born=segment.born,
        gone=segment.is_removed,
        merged_into=segment.merged_into,
        is_reviewed=segment.is_reviewed,
    )
