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


ONE_TOO_MANY = f"LIMIT {COMMON + 1}"


class PostgresIndex:
    """GIN indexes of segments and names."""

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

    def reads(self, query: Query) -> bool:
        """All words with a short beginning are put together before the first is looked at."""
        return asked.is_prefixes(query) and not all(_is_countable(term.words[-1]) for term in query.terms)

    def rare_segments(self, query: Query) -> list[Hit] | None:
        """Read one more than is rare, if one of the words is rare enough for that."""
        with_prefixes = asked.is_prefixes(query)
        if not self._is_countable([schema.SEGMENTS], query, with_prefixes=with_prefixes):
            return None
        expression = expressions.expression(query, with_prefixes=with_prefixes)
        found = self._matching(schema.SEGMENTS, "id, transcript_id", expression, ONE_TOO_MANY)
        return None if len(found) > COMMON else [Hit(*row) for row in found]

    def rare_names(self, query: Query) -> list[Name] | None:
        """Read one more than is rare, if one of the words is rare enough for that."""
        kinds = [kind for kind in schema.INDEXES if kind != schema.SEGMENTS]
        if not self._is_countable(kinds, query, with_prefixes=True):
            return None
        found = self._names(query, None, ONE_TOO_MANY)
        return None if len(found) > COMMON else found

    def segments(self, query: Query, *, among: Collection[UUID] | None = None) -> list[Hit]:
        """Ask the index of segments; where the texts are read afterwards, it is asked for the rarer words alone."""
        with_prefixes = asked.is_prefixes(query)
        common = self._common(query)
        if among is None or len(common) == len(_words(query)) > 0:
            expression, beside = expressions.expression(query, among, with_prefixes=with_prefixes), None
        else:
            left_out = frozenset() if self.is_exact(query) else common
            expression, beside = expressions.expression(query, with_prefixes=with_prefixes, without=left_out), among
        found = self._matching(schema.SEGMENTS, "id, transcript_id", expression, among=beside)
        return [Hit(*row) for row in found]

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
        return self._names(query, among)

    def _names(self, query: Query, among: Collection[UUID] | None, end: str = "") -> list[Name]:
        expression = expressions.expression(query, with_prefixes=True)
        return [
            Name(kind, source, scope)
            for kind, (_, _, column, _) in schema.INDEXES.items()
            if kind != schema.SEGMENTS
            for source, scope in self._matching(kind, f"id::text, {column}", expression, end, among)
        ]

    def _matching(
        self,
        kind: str,
        columns: str,
        expression: expressions.Expression,
        end: str = "",
        among: Collection[UUID] | None = None,
    ) -> list[tuple[Any, ...]]:
        sql, parameters = expression
        table, _, scope, condition = schema.INDEXES[kind]
        if among is not None:
            # The index of the foreign key has their rows in a millisecond
            condition, parameters = f"{condition} AND {scope} = ANY(%s)", [list(among), *parameters]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM {table} WHERE {condition} AND {schema.vector(kind)} @@ {sql} {end}",
                parameters,
            )
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _is_countable(self, kinds: Sequence[str], query: Query, *, with_prefixes: bool) -> bool:
        """Tell whether one of the words is rare enough, as far as is known: it may still have ten thousand rows."""
        if words := _words(query):
            return min(sum(self._expected(kind, word) for kind in kinds) for word in words) <= COUNTED
        return all(_is_countable(term.words[-1]) for term in query.terms if term.is_prefix and with_prefixes)

    def _common(self, query: Query) -> frozenset[str]:
        """Return the words that more segments have than are worth counting."""
        return frozenset(word for word in _words(query) if self._expected(schema.SEGMENTS, word) > COUNTED)

    def _expected(self, kind: str, word: str) -> float:
        """Return how many rows have a word, if it is one of the frequent ones; else 0."""
        with connection.cursor() as cursor:
            cursor.execute(FREQUENCY, [schema.INDEXES[kind][0], schema.name_of(kind), word])
            rows: float = cursor.fetchone()[0]
            return rows


def _words(query: Query) -> list[str]:
    """Return the words that are asked for as a whole."""
    return list(dict.fromkeys(word for term in query.terms for word in term.words[: -1 if term.is_prefix else None]))


def _is_countable(beginning: str) -> bool:
    return len(beginning) >= SHORTEST_COUNTED
