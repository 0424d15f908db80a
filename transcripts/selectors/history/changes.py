"""The edits of a transcript without the text they changed: what a list of thousands can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F

from accounts.models import User
from transcripts.models import Edit, EditedSegment
from transcripts.models.authors import as_guest
from transcripts.models.choices import EditDirection, EditKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

# So many are read at once.
BATCH = 500
FIELDS = (
    "number", "kind", "author_id", "guest_id", "guest_name", "created_at", "direction", "undoes", "shift_ms",
    "speakers",
)  # fmt: skip
# What the first operation of a batch says of itself.
FIRST = {name: F(f"operations__0__{name}") for name in ("op", "to", "ids", "speaker", "into", "on", "because", "words")}


@dataclass(frozen=True, slots=True)
class Change:
    """An edit. `author` tells people apart, `name` is what they are called; empty for the machine."""

    number: int
    kind: str
    author: tuple[Any, ...]
    name: str
    at: datetime
    undoes: int | None
    shift_ms: int
    speakers: dict[str, list[str | None]]
    direction: str
    first: dict[str, Any]

    @property
    def sort(self) -> str:
        """What it is for people: edits of different sorts are entries of their own."""
        if self.kind not in (EditKind.EDIT, EditKind.REVIEW):
            return self.kind
        if self.direction or self.first["op"] == EditDirection.UNDO:
            return self.direction or EditDirection.UNDO
        if self.first["op"] in ("restore", "merge_speakers", "shift_times", "set_speaker", "accept"):
            return str(self.first["op"])
        if self.first["op"] == "tick":
            return "tick" if self.first["on"] else "untick"
        return "rename" if self.renamed else "edit"

    @property
    def renamed(self) -> list[tuple[str, str]]:
        """The speakers that were renamed: their names before and after."""
        return [(before, after or "") for before, after in self.speakers.values() if before is not None]


def newest_first(transcript_id: UUID, *, before: int | None = None, after: int = 0) -> Iterator[Change]:
    """Yield the edits of a transcript, those with numbers below `before` and above `after`."""
    found = Edit.objects.filter(transcript=transcript_id, number__gt=after).order_by("-number")
    names: dict[int, str] = {}
    while True:
        some = found if before is None else found.filter(number__lt=before)
        rows = list(some.values(*FIELDS, **{f"first_{name}": place for name, place in FIRST.items()})[:BATCH])
        _learn(names, {row["author_id"] for row in rows})
        yield from (_change(row, names) for row in rows)
        if len(rows) < BATCH:
            return
        before = rows[-1]["number"]


def touched(transcript_id: UUID, low: int, high: int) -> Iterator[tuple[int, int, int | None, int | None]]:
    """Yield number, segment, and the segment's present start and end for each segment that these edits changed."""
    found = EditedSegment.objects.filter(
        edit__transcript=transcript_id, edit__number__gte=low, edit__number__lte=high
    ).order_by()
    yield from found.values_list("edit__number", "segment_id", "segment__start_ms", "segment__end_ms").iterator()


def _learn(names: dict[int, str], ids: set[int | None]) -> None:
    """Look up what people are called who aren't known yet."""
    wanted = {one for one in ids if one is not None} - names.keys()
    if wanted:
        names.update({user.pk: str(user) for user in User.objects.filter(pk__in=wanted)})


def _change(row: dict[str, Any], names: dict[int, str]) -> Change:
    return Change(
        number=row["number"],
        kind=row["kind"],
        author=(row["author_id"], row["guest_id"], row["guest_name"]),
        name=names.get(row["author_id"], "") or as_guest(row["guest_name"]),
        at=row["created_at"],
        undoes=row["undoes"],
        shift_ms=row["shift_ms"],
        speakers=row["speakers"],
        direction=row["direction"],
        first={name: row[f"first_{name}"] for name in FIRST},
    )
