"""Generations of the index: one is asked, and a next one may be filled beside it. Triggers write both.

Filling takes small steps, each a transaction of its own, and remembers how far it came. It can be killed between any
two of them: what was asked before is asked still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from transcripts.services.search.asked import State
from transcripts.services.search.sqlite import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.backends.utils import CursorWrapper

# An archive of so many segments is indexed while it is migrated: that takes a second or two.
SMALL = 20_000
# So many segments are indexed before others can write again.
STEP = 2_000


def install() -> None:
    """Create the index, or what is missing of it.

    A migration that replaces a table takes its triggers with it. What was written until now isn't indexed then.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(schema.STATE)
        cursor.execute(
            "INSERT INTO search_generation SELECT 1, 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM search_generation)"
        )
        is_new = cursor.rowcount == 1
        before = _triggers()
        for number in _numbers():
            _create(cursor, number)
        was_replaced = not is_new and _triggers() > before
    if was_replaced:
        rebuild(lambda stage, percent: None)
    elif _one(f"SELECT count(*) FROM (SELECT 1 FROM transcripts_segment LIMIT {SMALL + 1})") <= SMALL:
        while fill(most=SMALL):
            pass


def _triggers() -> int:
    return _one("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search%'")


def _numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM search_generation")
        return [number for (number,) in cursor.fetchall()]


def remove() -> None:
    """Take all generations away."""
    with transaction.atomic(), connection.cursor() as cursor:
        _drop(cursor, "search\\_%")


def current() -> int:
    """Return the number of the generation that is asked."""
    return _one("SELECT number FROM search_generation WHERE is_current")


def state() -> State:
    """Tell how much of the segments the current generation has."""
    is_whole, until = _row("SELECT is_whole, filled_until FROM search_generation WHERE is_current")
    if is_whole:
        return State(is_whole=True)
    last = _one("SELECT coalesce(max(id), 0) FROM transcripts_segment")
    return State(is_whole=False, percent=min(99, 100 * until // max(last, 1)))


def fill(*, most: int) -> bool:
    """Index so many more segments of the current generation; return whether there are more."""
    if _one("SELECT is_whole FROM search_generation WHERE is_current"):
        return False
    return _fill(current(), most)


def _fill(number: int, most: int) -> bool:
    """Take one step. Which segments are in is told by FTS5, so a step that is taken twice does nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        until = _one("SELECT filled_until FROM search_generation WHERE number = %s", [number])
        if until == 0:
            for kind in schema.SOURCES:
                cursor.execute(schema.fill_names(number, kind))
        step = "SELECT id FROM transcripts_segment WHERE id > %s ORDER BY id LIMIT %s"
        upto, count = _row(f"SELECT max(id), count(*) FROM ({step})", [until, most])
        cursor.execute(
            f"INSERT INTO search_segments_{number} (rowid, body) "
            f"SELECT id, {schema.FUNCTION}(text) || {schema.MARK} || transcript_id FROM transcripts_segment s "
            f"WHERE id > %s AND id <= %s AND NOT is_removed "
            f"AND NOT EXISTS (SELECT 1 FROM search_segments_{number}_docsize d WHERE d.id = s.id)",
            [until, upto or until],
        )
        is_whole = count < most
        cursor.execute(
            "UPDATE search_generation SET filled_until = %s, is_whole = %s WHERE number = %s",
            [upto or until, is_whole, number],
        )
    return not is_whole


def rebuild(tell: Callable[[str, int], None]) -> None:
    """Fill a next generation beside the current one, then ask that and drop all others."""
    number = _begin()
    last = max(1, _one("SELECT coalesce(max(id), 0) FROM transcripts_segment"))
    while _fill(number, STEP):
        tell(
            "Indexing",
            min(99, 100 * _one("SELECT filled_until FROM search_generation WHERE number = %s", [number]) // last),
        )
    tell("Indexing", 100)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE search_generation SET is_current = (number = %s)", [number])
    _drop_others()


def _begin() -> int:
    """Create the next generation; what a rebuild that was killed left is dropped."""
    _drop_others()
    with transaction.atomic(), connection.cursor() as cursor:
        number = current() + 1
        cursor.execute("INSERT INTO search_generation VALUES (%s, 0, 0, 0)", [number])
        _create(cursor, number)
    return number


def _drop_others() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number FROM search_generation WHERE NOT is_current")
        for (number,) in cursor.fetchall():
            _drop(cursor, f"search%\\_{number}", f"search%\\_{number}\\_%")
        cursor.execute("DELETE FROM search_generation WHERE NOT is_current")


def _create(cursor: CursorWrapper, number: int) -> None:
    for statement in schema.statements(number):
        cursor.execute(statement)


def _drop(cursor: CursorWrapper, *patterns: str) -> None:
    """Drop triggers and tables by their names; FTS5 drops the tables that are its own."""
    for kind, extra in (("trigger", ""), ("table", "AND sql LIKE 'CREATE VIRTUAL%%'"), ("table", "")):
        for pattern in patterns:
            cursor.execute(
                f"SELECT name FROM sqlite_master WHERE type = %s AND name LIKE %s ESCAPE '\\' {extra}", [kind, pattern]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP {kind} IF EXISTS "{name}"')


def _row(sql: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _one(sql: str, parameters: list[Any] | None = None) -> int:
    value: int = _row(sql, parameters)[0]
    return value
