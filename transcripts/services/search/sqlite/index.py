"""The index in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import OperationalError, connection

from transcripts.services.search import asked
from transcripts.services.search.asked import COMMON, Hit, Name
from transcripts.services.search.sqlite import checking, expressions, generations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from transcripts.document.search.query import Query


SEGMENTS = """
    SELECT s.id, s.transcript_id FROM search_segments_{n} f JOIN transcripts_segment s ON s.id = f.rowid
    WHERE search_segments_{n} MATCH %s
"""
NAMES = """
    SELECT n.kind, n.source, n.scope FROM search_names_{n} f JOIN search_name_{n} n ON n.id = f.rowid
    WHERE search_names_{n} MATCH %s
"""


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
        expression = expressions.expression(query, among, with_prefixes=asked.is_prefixes(query))
        return [Hit(pk, UUID(transcript)) for pk, transcript in _rows(SEGMENTS, expression)]

    def segments_with(self, words: Collection[str]) -> list[tuple[str, Hit]]:
        """Ask for one word after the other."""
        return [
            (word, Hit(pk, UUID(transcript)))
            for word in words
            for pk, transcript in _rows(SEGMENTS, expressions.word(word))
        ]

    def together(self, words: Collection[str], *, most: int) -> list[Hit]:
        """Read the index backwards until enough were found."""
        sql = f"{SEGMENTS} ORDER BY f.rowid DESC LIMIT {most}"
        return [Hit(pk, UUID(transcript)) for pk, transcript in _rows(sql, " AND ".join(map(expressions.word, words)))]

    def names(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Name]:
        """Ask the index of names."""
        found = _rows(NAMES, expressions.expression(query, among, with_prefixes=True))
        return [Name(kind, source, UUID(scope)) for kind, source, scope in found]

    def _has_many(self, corpus: str, word: str) -> bool:
        table = f"search_{corpus}_{{n}}"
        sql = f"SELECT 1 FROM {table} WHERE {table} MATCH %s LIMIT 1 OFFSET {COMMON}"
        return bool(_rows(sql, expressions.word(word)))


def _rows(sql: str, expression: str) -> list[tuple[Any, ...]]:
    """Ask the current generation; if a rebuild replaced it at that moment, the one that is current then."""
    try:
        return _answer(sql.format(n=generations.current()), expression)
    except OperationalError:
        return _answer(sql.format(n=generations.current()), expression)


def _answer(sql: str, expression: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
