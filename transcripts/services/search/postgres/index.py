"""The index in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from transcripts.services.search import asked
from transcripts.services.search.asked import COMMON, COUNTED, Hit, Name
from transcripts.services.search.postgres import building, expressions, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from uuid import UUID

    from transcripts.document.search.query import Query


# To count a beginning reads all that have it: with fewer letters it counts as common.
SHORTEST_COUNTED = 5

# The thousand most frequent words of an index, as the last ANALYZE found them
FREQUENCY = """
    SELECT coalesce(max(element.share), 0) * (SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s))
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS element (word, share)
    WHERE schemaname = current_schema() AND tablename = %s
    AND word = ANY (tsvector_to_array(to_tsvector('simple', search_text_1(%s))))
"""


class PostgresIndex:
    """GIN indexes of segments and names."""

    reads_beginnings = True

    install = staticmethod(building.install)
    remove = staticmethod(building.remove)
    state = staticmethod(building.state)
    fill = staticmethod(building.fill)
    faults = staticmethod(building.faults)

    def rebuild(self, tell: Callable[[str, int], None]) -> None:
        """Build each index a second time, and use that once it is whole."""
        building.rebuild(tell)

    def is_exact(self, query: Query) -> bool:
        """Phrases are asked for by their words, and beginnings are left out of a query that has other words."""
        return asked.is_exact(query)

    def is_common(self, word: str) -> bool:
        """Look up what PostgreSQL knows of frequent words: to count would read what is to be avoided."""
        return self._expected(schema.SEGMENTS, word) > COMMON

    def are_common(self, query: Query) -> bool:
        """Count where one of the words is rare enough for that."""
        return self._have_more([schema.SEGMENTS], query, with_prefixes=asked.is_prefixes(query))

    def are_common_names(self, query: Query) -> bool:
        """Count where one of the words is rare enough for that."""
        kinds = [kind for kind in schema.INDEXES if kind != schema.SEGMENTS]
        return self._have_more(kinds, query, with_prefixes=True)

    def segments(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Hit]:
        """Ask the index of segments."""
        expression = expressions.expression(query, among, with_prefixes=asked.is_prefixes(query))
        return [Hit(*row) for row in self._matching(schema.SEGMENTS, "id, transcript_id", expression)]

    def segments_with(self, words: Collection[str]) -> list[tuple[str, Hit]]:
        """Ask for one word after the other."""
        return [
            (word, Hit(*row))
            for word in words
            for row in self._matching(schema.SEGMENTS, "id, transcript_id", expressions.word(word))
        ]

    def together(self, words: Collection[str], *, most: int) -> list[Hit]:
        """Leave it to the planner whether the index or the newest segments are read first."""
        expression = expressions.word(" ".join(words))
        found = self._matching(schema.SEGMENTS, "id, transcript_id", expression, f"ORDER BY id DESC LIMIT {most}")
        return [Hit(*row) for row in found]

    def names(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Name]:
        """Ask the index of each kind of name."""
        expression = expressions.expression(query, among, with_prefixes=True)
        return [
            Name(kind, source, scope)
            for kind, (_, _, column, _) in schema.INDEXES.items()
            if kind != schema.SEGMENTS
            for source, scope in self._matching(kind, f"id::text, {column}", expression)
        ]

    def _matching(
        self, kind: str, columns: str, expression: expressions.Expression, order: str = ""
    ) -> list[tuple[Any, ...]]:
        sql, parameters = expression
        table, _, _, condition = schema.INDEXES[kind]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM {table} WHERE {condition} AND {schema.vector(kind)} @@ {sql} {order}",
                parameters,
            )
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _have_more(self, kinds: Sequence[str], query: Query, *, with_prefixes: bool) -> bool:
        whole = [word for term in query.terms for word in (term.words[:-1] if term.is_prefix else term.words)]
        beginnings = [term.words[-1] for term in query.terms if term.is_prefix and with_prefixes]
        expected = [sum(self._expected(kind, word) for kind in kinds) for word in whole]
        # Of a word that isn't among the most frequent nothing is known: it may still have ten thousand rows
        is_countable = min(expected) <= COUNTED if whole else all(len(one) >= SHORTEST_COUNTED for one in beginnings)
        if not is_countable:
            return True
        expression = expressions.expression(query, with_prefixes=with_prefixes)
        return sum(len(self._matching(kind, "1", expression, f"LIMIT {COMMON + 1}")) for kind in kinds) > COMMON

    def _expected(self, kind: str, word: str) -> float:
        """Return how many rows have a word, if it is one of the frequent ones; else 0."""
        with connection.cursor() as cursor:
            cursor.execute(FREQUENCY, [schema.INDEXES[kind][0], schema.name_of(kind), word])
            rows: float = cursor.fetchone()[0]
            return rows
