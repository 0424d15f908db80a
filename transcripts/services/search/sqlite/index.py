"""The index in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import OperationalError, connection

from transcripts.services.search import asked
from transcripts.services.search.asked import COMMON, COUNTED, Hit, Name
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
        return _has_more("segments", expressions.word(word), COMMON)

    def reads(self, query: Query) -> bool:
        """FTS5 has each beginning of two to five letters by itself."""
        return False

    def rare_segments(self, query: Query) -> list[Hit] | None:
        """Look for the segment after as many as rare words have at most."""
        return None if _have_more("segments", query, with_prefixes=asked.is_prefixes(query)) else self.segments(query)

    def rare_names(self, query: Query) -> list[Name] | None:
        """Look for the name after as many as rare words have at most."""
        return None if _have_more("names", query, with_prefixes=True) else self.names(query)

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


def _have_more(corpus: str, query: Query, *, with_prefixes: bool) -> bool:
    """Count what has all words, if one of them is rare enough for that."""
    if all(_has_more(corpus, one, COUNTED) for one in expressions.each(query, with_prefixes=with_prefixes)):
        return True
    return _has_more(corpus, expressions.expression(query, with_prefixes=with_prefixes), COMMON)


def _has_more(corpus: str, expression: str, than: int) -> bool:
    table = f"search_{corpus}_{{n}}"
    return bool(_rows(f"SELECT 1 FROM {table} WHERE {table} MATCH %s LIMIT 1 OFFSET {than}", expression))


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
