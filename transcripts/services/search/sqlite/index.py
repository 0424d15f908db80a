"""The index in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from transcripts.services.search import asked
from transcripts.services.search.asked import COMMON, Hit, Name
from transcripts.services.search.sqlite import checking, expressions, generations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from transcripts.document.search.query import Query


class SqliteIndex:
    """FTS5 tables of the current generation."""

    install = staticmethod(generations.install)
    remove = staticmethod(generations.remove)
    state = staticmethod(generations.state)
    fill = staticmethod(generations.fill)

    def rebuild(self, tell: Callable[[str, int], None]) -> None:
        """Build the next generation, and use it once it is whole."""
        generations.rebuild(tell)

    def faults(self) -> list[str]:
        """Return what is missing, left over or different."""
        return checking.faults(generations.current())

    def is_exact(self, query: Query) -> bool:
        """Phrases are asked for by their words, and beginnings are left out of a query that has other words."""
        return asked.is_exact(query)

    def is_common(self, word: str) -> bool:
        """Look for the segment after as many as a rare word has at most."""
        return self._has_many("segments", word)

    def is_common_name(self, word: str) -> bool:
        """Look for the name after as many as a rare word has at most."""
        return self._has_many("names", word)

    def segments(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Hit]:
        """Ask the index of segments; those of the answer tell their transcripts."""
        table = f"search_segments_{generations.current()}"
        matching = expressions.expression(query, among, with_prefixes=asked.is_prefixes(query))
        found = _rows(
            f"SELECT s.id, s.transcript_id FROM {table} JOIN transcripts_segment s ON s.id = {table}.rowid "
            f"WHERE {table} MATCH %s",
            [matching],
        )
        return [Hit(pk, UUID(transcript)) for pk, transcript in found]

    def segments_with(self, words: Collection[str]) -> list[tuple[str, Hit]]:
        """Ask for one word after the other."""
        table = f"search_segments_{generations.current()}"
        sql = (
            f"SELECT s.id, s.transcript_id FROM {table} JOIN transcripts_segment s ON s.id = {table}.rowid "
            f"WHERE {table} MATCH %s"
        )
        return [
            (word, Hit(pk, UUID(transcript)))
            for word in words
            for pk, transcript in _rows(sql, [expressions.word(word)])
        ]

    def together(self, words: Collection[str], *, most: int) -> list[Hit]:
        """Read the index backwards until enough were found."""
        table = f"search_segments_{generations.current()}"
        found = _rows(
            f"SELECT s.id, s.transcript_id FROM {table} JOIN transcripts_segment s ON s.id = {table}.rowid "
            f"WHERE {table} MATCH %s ORDER BY {table}.rowid DESC LIMIT {most}",
            [" AND ".join(map(expressions.word, words))],
        )
        return [Hit(pk, UUID(transcript)) for pk, transcript in found]

    def names(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Name]:
        """Ask the index of names."""
        number = generations.current()
        found = _rows(
            f"SELECT n.kind, n.source, n.scope FROM search_names_{number} f "
            f"JOIN search_name_{number} n ON n.id = f.rowid "
            f"WHERE search_names_{number} MATCH %s",
            [expressions.expression(query, among, with_prefixes=True)],
        )
        return [Name(kind, source, UUID(scope)) for kind, source, scope in found]

    def _has_many(self, corpus: str, word: str) -> bool:
        table = f"search_{corpus}_{generations.current()}"
        sql = f"SELECT 1 FROM {table} WHERE {table} MATCH %s LIMIT 1 OFFSET {COMMON}"
        return bool(_rows(sql, [expressions.word(word)]))


def _rows(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
