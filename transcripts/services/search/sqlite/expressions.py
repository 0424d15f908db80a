"""What FTS5 is asked, in its language. Each word is quoted and of letters and digits alone: none is read as syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.services.search.sqlite.schema import SCOPE

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from transcripts.document.search.query import Query, Term


def expression(query: Query, among: Collection[UUID] | None = None, *, with_prefixes: bool) -> str:
    """Return a query, of the transcripts or recordings among which is looked.

    The index knows which words a row has, not in which order, so phrases are asked for by their words. FTS5 reads all
    words with a beginning before anything else, so beginnings are left out if other words do.
    """
    found = [_term(term) for term in query.terms if with_prefixes or not term.is_prefix]
    excluded = [_term(term) for term in query.excluded if len(term.words) == 1 and not term.is_prefix]
    if among is not None:
        found.append(f"({' OR '.join(word(SCOPE + scope.hex) for scope in among) or word(SCOPE)})")
    wanted = " AND ".join(found)
    return f"({wanted}) NOT ({' OR '.join(excluded)})" if excluded else wanted


def each(query: Query, *, with_prefixes: bool) -> list[str]:
    """Return a query for each of the words and beginnings."""
    whole = [word(one) for term in query.terms for one in (term.words[:-1] if term.is_prefix else term.words)]
    return whole + [f"{word(term.words[-1])} *" for term in query.terms if term.is_prefix and with_prefixes]


def word(text: str) -> str:
    """Return a query of one word."""
    return f'"{text}"'


def _term(term: Term) -> str:
    return " AND ".join(map(word, term.words)) + " *" * term.is_prefix
