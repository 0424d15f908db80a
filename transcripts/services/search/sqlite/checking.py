"""Whether the index has every segment and name as it is now, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction

from transcripts.document.search import terms
from transcripts.services.search.sqlite import expressions, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

# So many texts, taken evenly over the archive, are compared word by word.
COMPARED = 1_000

MISSING = "SELECT count(*) FROM transcripts_segment s WHERE NOT is_removed AND id NOT IN (SELECT id FROM {docs})"
LEFT_OVER = "SELECT count(*) FROM {docs} WHERE id NOT IN (SELECT id FROM transcripts_segment WHERE NOT is_removed)"
MISSING_NAMES = (
    "SELECT count(*) FROM {table} AS row LEFT JOIN search_name_{n} name "
    "ON name.kind = '{kind}' AND name.source = CAST(row.id AS TEXT) "
    "WHERE ({condition}) AND (name.id IS NULL OR name.body <> {function}({text}))"
)


def faults(number: int) -> list[str]:
    """Return what is wrong with a generation."""
    return [*_broken(number), *_counts(number), *_different(number)]


def _broken(number: int) -> Iterator[str]:
    """Let FTS5 check its own structures."""
    for table in (f"search_segments_{number}", f"search_names_{number}"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        except DatabaseError:
            yield f"The table {table} is damaged."


def _counts(number: int) -> Iterator[str]:
    docs = f"search_segments_{number}_docsize"
    if missing := _value(MISSING.format(docs=docs)):
        yield f"Segments that are not indexed: {missing}."
    if left := _value(LEFT_OVER.format(docs=docs)):
        yield f"Indexed segments that are no longer there: {left}."
    for kind, (table, _, text, condition, _) in schema.SOURCES.items():
        sql = MISSING_NAMES.format(
            table=table, n=number, kind=kind, function=schema.FUNCTION,
            condition=condition.replace("{}", "row"), text=text.replace("{}", "row"),
        )  # fmt: skip
        if count := _value(sql):
            yield f"Rows of the kind “{kind}” that are not indexed as they are: {count}."


def _different(number: int) -> Iterator[str]:
    """Look for all words of some texts in what is indexed of them."""
    different = sum(not _is_indexed(number, pk, words) for pk, words in _texts())
    if different:
        yield f"Segments that are indexed with other words, of {COMPARED} compared: {different}."


def _texts() -> Iterator[tuple[int, list[str]]]:
    every = max(1, _value("SELECT count(*) FROM transcripts_segment") // COMPARED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, text FROM transcripts_segment WHERE NOT is_removed AND id %% %s = 0", [every])
        for pk, text in cursor.fetchall():
            if words := terms.words(text):
                yield pk, words


def _is_indexed(number: int, pk: int, words: list[str]) -> bool:
    table = f"search_segments_{number}"
    asked = " AND ".join(map(expressions.word, dict.fromkeys(words)))
    return _value(f"SELECT count(*) FROM {table} WHERE {table} MATCH %s AND rowid = %s", [asked, pk]) == 1


def _value(sql: str, parameters: list[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        value: int = cursor.fetchone()[0]
        return value
