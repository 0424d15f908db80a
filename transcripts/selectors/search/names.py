"""Titles, speakers, comments and notes that were found: what they say, and near ones for a word that nothing has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.db.models.functions import Concat

from transcripts import access
from transcripts.document.search import matching, near, terms
from transcripts.document.search.query import Query, Term
from transcripts.models import Comment, Marker, Recording, Speaker
from transcripts.models import Term as VocabularyTerm
from transcripts.selectors.search import scope
from transcripts.services.search.asked import COMMENT, MARKER, RECORDING, SPEAKER
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.selectors.search.scope import Filters
    from transcripts.services.search.asked import Name

# Names of so many recordings, the newest, are compared with a word that nothing has.
COMPARED = 1_000

MODELS: dict[str, tuple[QuerySet[Any], tuple[str, ...]]] = {
    RECORDING: (Recording.objects.all(), ("title", "filename")),
    SPEAKER: (Speaker.objects.all(), ("label",)),
    COMMENT: (Comment.objects.all(), ("body", "tag")),
    MARKER: (Marker.objects.all(), ("note",)),
}


def texts(names: Collection[Name]) -> dict[tuple[str, str], str]:
    """Return what each name says, by its kind and its id as `source` gives it."""
    found: dict[tuple[str, str], str] = {}
    for kind, (rows, columns) in MODELS.items():
        ids = [name.source for name in names if name.kind == kind]
        if ids:
            said = rows.filter(pk__in=ids).annotate(said=Concat(*_spaced(columns)))
            found |= {(kind, source(pk)): text for pk, text in said.values_list("pk", "said")}
    return found


def _spaced(columns: Sequence[str]) -> list[Any]:
    return [part for column in columns for part in (column, Value(" "))]


def source(pk: Any) -> str:
    """Return an id as the index has it: without hyphens, in either database."""
    return str(pk).replace("-", "")


def matching_names(query: Query, names: Collection[Name]) -> list[Name]:
    """Return those of the names that have what was asked for, where the index alone can't tell."""
    said = texts(names)
    return [name for name in names if matching.is_match(query, said.get((name.kind, source(name.source)), ""))]


def near_queries(user: User, filters: Filters, query: Query) -> list[str]:
    """Return searches with names that differ by a slip from the word that they replace, and are known to the person."""
    words = [term.words[0] for term in query.terms if len(term.words) == 1 and len(term.words[0]) >= near.SHORTEST]
    for word in words[:3]:
        if found := near.nearest(word, _known(user, filters, word)):
            return [_replaced(filters.text, word, other) for other in found]
    return []


def _replaced(text: str, word: str, other: str) -> str:
    """Return what was typed with another word in the place of one."""
    place = next(token for token in terms.tokens(text) if token.word == word)
    return text[: place.begin] + other + text[place.end :]


def _known(user: User, filters: Filters, word: str) -> set[str]:
    """Return the words of names that the person can find and that begin as the word does."""
    prefix = Query((Term((word[:2],), is_prefix=True),))
    found: list[Name] = []
    looked = 0
    for batch in scope.newest(user, replace(filters, before="")):
        ids = [one for item in batch for one in (item.recording_id, item.transcript_id) if one]
        found += index().names(prefix, among=ids)
        looked += len(batch)
        if looked >= COMPARED:
            break
    return _words([*texts(found).values(), *_vocabulary(user), *_people(user)])


def _vocabulary(user: User) -> Iterable[str]:
    return VocabularyTerm.objects.filter(vocabulary__team__in=access.teams_of(user)).values_list("term", flat=True)


def _people(user: User) -> Iterable[str]:
    return access.teams_of(user).values_list("memberships__user__name", flat=True)


def _words(said: Iterable[str | None]) -> set[str]:
    return {word for text in said if text for word in terms.words(text)}
