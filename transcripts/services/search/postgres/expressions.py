"""What PostgreSQL is asked: a tsquery put together by functions, each word a parameter, so none is read as syntax."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from transcripts.document.search.query import Query, Term

Expression = tuple[str, list[Any]]


def expression(
    query: Query,
    among: Collection[UUID] | None = None,
    *,
    with_prefixes: bool,
    without: Collection[str] = (),
) -> Expression:
    """Return a query as SQL with its parameters, without some of the words; others must be left.

    The index knows which words a row has, not in which order, so phrases are asked for by their words.
    """
    terms = [term for term in query.terms if with_prefixes or not term.is_prefix]
    asked = [_term(kept) for term in terms if (kept := _without(term, without)).words]
    excluded = [_term(term) for term in query.excluded if len(term.words) == 1 and not term.is_prefix]
    parts = [sql for sql, _ in asked] + [f"!! {sql}" for sql, _ in excluded]
    parameters = [one for _, own in (*asked, *excluded) for one in own]
    if among is not None:
        parts.append("%s::tsquery")
        parameters.append(" | ".join(f"':{scope.hex}'" for scope in among) or "':none'")
    return f"({' && '.join(parts)})", parameters


def word(text: str) -> Expression:
    """Return a query of one word."""
    return "plainto_tsquery('simple', search_text_1(%s))", [text]


def _without(term: Term, words: Collection[str]) -> Term:
    kept = [word for word in term.words[:-1] if word not in words]
    if term.is_prefix or term.words[-1] not in words:
        kept.append(term.words[-1])
    return replace(term, words=tuple(kept))


def _term(term: Term) -> Expression:
    if not term.is_prefix:
        return word(" ".join(term.words))
    begin = ["(plainto_tsquery('simple', search_text_1(%s)) && "] if term.words[1:] else ["("]
    parameters = [" ".join(term.words[:-1])] if term.words[1:] else []
    return f"{begin[0]}to_tsquery('simple', %s))", [*parameters, f"'{term.words[-1]}':*"]
