"""Creating the indexes, beside each other and beside the work of everyone else."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from transcripts.services.search.asked import State
from transcripts.services.search.postgres import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A table of so many rows is indexed while it is migrated: that takes a second or two.
SMALL = 20_000
WATCHED_S = 1.0
FILLING = "fill-search"

VALID = """
    SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname = %s AND i.indisvalid AND c.relnamespace = current_schema()::regnamespace
"""
BROKEN = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname LIKE 'search\\_%%' AND NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace
"""
PROGRESS = """
    SELECT relid::regclass::text, blocks_done, blocks_total FROM pg_stat_progress_create_index
    WHERE pid = %s AND blocks_total > 0
"""


def install() -> None:
    """Create the functions, and the indexes of small tables; the others are for `fill`, beside other work."""
    with transaction.atomic(), connection.cursor() as cursor:
        for function in schema.functions():
            cursor.execute(function)
        for kind, (table, *_) in schema.INDEXES.items():
            if (
                not _is_valid(kind)
                and _value(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {SMALL + 1}) r") <= SMALL
            ):
                cursor.execute(f"DROP INDEX IF EXISTS {schema.name_of(kind)}")
                cursor.execute(schema.create_index(kind, concurrently=False))


def remove() -> None:
    """Drop the indexes and functions."""
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in schema.INDEXES:
            cursor.execute(f"DROP INDEX IF EXISTS {schema.name_of(kind)}")
        cursor.execute("DROP FUNCTION IF EXISTS search_vector_1(text, uuid)")
        cursor.execute("DROP FUNCTION IF EXISTS search_text_1(text)")


def state() -> State:
    """Tell which of the indexes are there."""
    there = sum(_is_valid(kind) for kind in schema.INDEXES)
    return State(is_whole=there == len(schema.INDEXES), percent=100 * there // len(schema.INDEXES))


def fill(*, most: int) -> bool:
    """Create the next missing index in a thread of its own; return whether any is missing.

    PostgreSQL takes minutes for a large table, and decides itself in which steps. The conductor has more to do.
    """
    missing = [kind for kind in schema.INDEXES if not _is_valid(kind)]
    if missing and not any(thread.name == FILLING for thread in threading.enumerate()):
        threading.Thread(target=_create_one, args=(missing[0],), name=FILLING, daemon=True).start()
    return bool(missing)


def _create_one(kind: str) -> None:
    """Create an index unless another process is at it; what one left that was killed is dropped first."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [FILLING])
            if cursor.fetchone()[0] and not _is_valid(kind):
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema.name_of(kind)}")
                cursor.execute("SET maintenance_work_mem = '256MB'")
                cursor.execute(schema.create_index(kind, concurrently=True))
                # Which words are frequent decides how a search is carried out
                cursor.execute(f"ANALYZE {schema.INDEXES[kind][0]}")
    finally:
        connection.close()


def rebuild(tell: Callable[[str, int], None]) -> None:
    """Build each index again beside the old one, which is asked until then."""
    _drop_broken()
    for kind in schema.INDEXES:
        with _watched(kind, tell), connection.cursor() as cursor:
            if _is_valid(kind):
                cursor.execute(f"REINDEX INDEX CONCURRENTLY {schema.name_of(kind)}")
            else:
                cursor.execute(schema.create_index(kind, concurrently=True))


def faults() -> list[str]:
    """Return which indexes are missing: PostgreSQL keeps them right with their rows, in the same transaction."""
    return [f"The index {schema.name_of(kind)} is missing." for kind in schema.INDEXES if not _is_valid(kind)]


def _drop_broken() -> None:
    """Drop what an earlier rebuild left that was killed."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN, [])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')


@contextmanager
def _watched(kind: str, tell: Callable[[str, int], None]) -> Iterator[None]:
    """Tell how far PostgreSQL has come, asked through a connection of its own."""
    pid, is_over = _value("SELECT pg_backend_pid()"), threading.Event()
    watch = threading.Thread(target=_watch, args=(pid, kind, tell, is_over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        is_over.set()
        watch.join()
    tell(schema.name_of(kind), 100)


def _watch(pid: int, kind: str, tell: Callable[[str, int], None], is_over: threading.Event) -> None:
    try:
        while not is_over.wait(WATCHED_S):
            with connection.cursor() as cursor:
                cursor.execute(PROGRESS, [pid])
                if row := cursor.fetchone():
                    tell(schema.name_of(kind), min(99, 100 * row[1] // row[2]))
    finally:
        connection.close()


def _is_valid(kind: str) -> bool:
    return bool(_value(VALID, [schema.name_of(kind)]))


def _value(sql: str, parameters: list[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        value: int = cursor.fetchone()[0]
        return value
