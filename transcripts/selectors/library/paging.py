"""Pages of a list that others change, at any depth: a page begins after a row, by the order's key and the row's id.

Branches are merged by the database: the first rows of each, in the order of its index, and of these the first.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Lower

from transcripts.selectors.library.unions import union

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from transcripts.models import Recording
    from transcripts.selectors.library.filters import Branch


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _percent(text: str) -> int:
    return min(max(int(text), 0), 1000)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of recordings: by a key, then by id. `read` reads the key of a cursor; it raises ValueError."""

    key: Combinable
    read: Callable[[str], Any]
    is_descending: bool = False

    def reversed(self) -> Order:
        """Return the same order from the other end."""
        return Order(self.key, self.read, not self.is_descending)


ORDERS = {
    "newest": Order(F("created_at"), _moment, is_descending=True),
    "oldest": Order(F("created_at"), _moment),
    "title": Order(Lower("title"), str),
    "due": Order(F("due_on"), date.fromisoformat),
    "reviewed": Order(F("reviewed_percent"), _percent),
    "trash": Order(F("deleted_at"), _moment, is_descending=True),
}


class Place(NamedTuple):
    """A recording, and its cursor: its id and key."""

    recording_id: UUID
    cursor: str


def places_after(branches: Sequence[Branch], order: Order, cursor: str, *, count: int) -> list[Place]:
    """Return the first rows after the cursor; one that no page gave counts as none."""
    united = union([replace(one, recordings=_first(one.recordings, order, cursor, count)) for one in branches])
    if united is None:
        return []
    way = "DESC" if order.is_descending else "ASC"
    first = f"SELECT id, sort_key FROM ({united.sql}) AS united ORDER BY sort_key {way}, id {way} LIMIT %s"  # noqa: S608
    with connection.cursor() as database:
        database.execute(first, [*united.values, count])
        return [_found(*row) for row in database.fetchall()]


def _found(pk: UUID | str, key: Any) -> Place:
    """Read a row as the database gives it: SQLite has ids and moments as text."""
    recording_id = pk if isinstance(pk, uuid.UUID) else uuid.UUID(pk)
    return Place(recording_id, f"{recording_id}.{key.isoformat() if isinstance(key, date) else key}")


def _first(branch: QuerySet[Recording], order: Order, cursor: str, count: int) -> QuerySet[Recording, Any]:
    keyed = branch.annotate(sort_key=order.key)
    if (place := _place(order, cursor)) is not None:
        keyed = keyed.filter(_beyond(order, *place))
    way = "-" if order.is_descending else ""
    return keyed.order_by(f"{way}sort_key", f"{way}id").values("id", "sort_key")[:count]


def _beyond(order: Order, key: Any, pk: UUID) -> Q:
    """The first condition is what an index can seek; the second leaves out what is before the cursor at its key."""
    way = "lt" if order.is_descending else "gt"
    return Q((f"sort_key__{way}e", key)) & (Q((f"sort_key__{way}", key)) | Q((f"id__{way}", pk)))


def _place(order: Order, cursor: str) -> tuple[Any, UUID] | None:
    pk, _, key = cursor.partition(".")
    try:
        return order.read(key), uuid.UUID(pk)
    except (ValueError, OverflowError):
        return None
