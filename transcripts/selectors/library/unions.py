"""Several queries as one: each keeps its own order and limit, which SQLite refuses to Django's own unions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from transcripts.selectors.library.filters import ANY_TEAM, Branch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import QuerySet

    from transcripts.models import Recording


@dataclass(frozen=True, slots=True)
class Union:
    """The SQL of all rows of several queries, and its values. Only Django wrote it."""

    sql: str
    values: list[Any]


def union(branches: Iterable[Branch]) -> Union | None:
    """Return the rows of all branches, whose columns are alike; None if there can't be any."""
    parts = [part for branch in branches for part in _parts(branch)]
    if not parts:
        return None
    selects = [f"SELECT * FROM ({part.sql}) AS part{number}" for number, part in enumerate(parts)]  # noqa: S608
    return Union(" UNION ALL ".join(selects), [value for part in parts for value in part.values])


def _parts(branch: Branch) -> Iterator[Union]:
    """Yield the query of each team: what Django writes for one holds for all, and takes longer than to run it."""
    compiled = _compiled(branch.recordings)
    if compiled is None:
        return
    for team in branch.teams or (ANY_TEAM,):
        yield Union(compiled.sql, [team if value == ANY_TEAM else value for value in compiled.values])


def of_team(asked: Union | None, team_id: int) -> list[tuple[Any, ...]]:
    """Return the rows of a union that was written for ANY_TEAM."""
    if asked is None:
        return []
    with connection.cursor() as database:
        database.execute(asked.sql, [team_id if value == ANY_TEAM else value for value in asked.values])
        return list(database.fetchall())


def counting(lists: Iterable[QuerySet[Recording]], name: str, *, most: int, is_measured: bool = False) -> Union | None:
    """Return the SQL that counts so many recordings of these lists at most; None if there can't be any.

    Measured, it also tells how long they are together; others are counted by their indexes alone.
    """
    column, length = ("duration_ms", "COALESCE(SUM(duration_ms), 0)") if is_measured else ("id", "0")
    united = union(Branch(one.order_by().values(column)[:most]) for one in lists)
    if united is None:
        return None
    capped = f"SELECT * FROM ({united.sql}) AS every LIMIT {most:d}"  # noqa: S608
    return Union(f"SELECT '{name}', COUNT(*), {length} FROM ({capped}) AS of_{name}", united.values)  # noqa: S608


def counts(parts: Sequence[Union]) -> dict[str, tuple[int, int]]:
    """Return by its name how many recordings each counts, and how long they are, in one query."""
    if not parts:
        return {}
    with connection.cursor() as database:
        sql = " UNION ALL ".join(part.sql for part in parts)
        database.execute(sql, [value for part in parts for value in part.values])
        return {name: (int(count), int(length)) for name, count, length in database.fetchall()}


def _compiled(query: QuerySet[Recording, Any]) -> Union | None:
    try:
        sql, values = query.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return Union(sql, list(values))
