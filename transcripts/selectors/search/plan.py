"""How a search is carried out, so that it takes no longer in a large archive than in a small one.

If one of the words is rare, all segments that have it come from the index, and those of recordings that the person
can't see are left out. If all are common, their recordings are walked through instead, the newest first, and the
index is asked about those alone until a page is full.
Nothing is cut off before the permission was applied.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from transcripts.document.search import matching
from transcripts.models import Segment
from transcripts.selectors.search import scope
from transcripts.selectors.search.names import matching_names
from transcripts.services.search import asked
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.document.search.query import Query
    from transcripts.selectors.search.scope import Candidate, Filters
    from transcripts.services.search.asked import Hit, Name

PAGE = 10
# A walk ends after so many recordings; the page says how far it came, and leads on.
FARTHEST = 400
# The best are chosen among the newest of so many moments.
RANKED = 2_000


@dataclass(frozen=True, slots=True)
class Group:
    """A recording with what was found in it: segments of its latest transcript, and names."""

    candidate: Candidate
    segment_ids: tuple[int, ...] = ()
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `older` is the cursor of the next page; `reached` is how far an unfinished walk came.

    If `is_all` is false, `groups` are only those of the page, and there may be more.
    """

    groups: list[Group] = field(default_factory=list)
    is_all: bool = True
    was_walked: bool = False
    older: str = ""
    reached: Candidate | None = None


def find(user: User, filters: Filters, query: Query) -> Found:
    """Return everything that is found of rare words, and a page of common ones."""
    if (rare := _rare(filters, query)) is not None:
        return Found(_everything(user, filters, query, *rare))
    return _walk(user, filters, query, farthest=FARTHEST, is_read=index().reads(query))


# Rare words


def _rare(filters: Filters, query: Query) -> tuple[list[Hit], list[Name]] | None:
    """Return all that has the words, whoever can see it; None if it is too much."""
    hits = index().rare_segments(query)
    if hits is None:
        return None
    names = [] if filters.speaker else index().rare_names(query)
    return None if names is None else (hits, names)


def _everything(user: User, filters: Filters, query: Query, hits: Sequence[Hit], names: Sequence[Name]) -> list[Group]:
    """Return all recordings with what was found, the newest first."""
    owners = {name.scope for name in names}
    transcripts = {hit.transcript_id for hit in hits} | owners
    candidates = scope.among(user, filters, recordings=owners, transcripts=transcripts)
    return _groups(filters, query, candidates, hits, names)


def within(user: User, filters: Filters, query: Query, recording_id: UUID) -> list[Group]:
    """Return what one recording has."""
    return _in_batch(filters, query, scope.among(user, filters, recordings=[recording_id]), is_read=True)


# Common words


def _walk(user: User, filters: Filters, query: Query, *, farthest: int, is_read: bool = False) -> Found:
    """Look through recordings, the newest first, until there is a page."""
    groups: list[Group] = []
    looked = 0
    wanted = RANKED if filters.order == "best" else PAGE
    for batch in scope.newest(user, filters):
        groups += _in_batch(filters, query, batch, is_read=is_read)
        looked += len(batch)
        if _amount(groups, filters) > wanted:
            return _page_of(groups, filters)
        if looked >= farthest:
            return Found(groups, is_all=False, was_walked=True, older=batch[-1].cursor, reached=batch[-1])
    return Found(groups, is_all=not filters.before, was_walked=True)


def _amount(groups: Sequence[Group], filters: Filters) -> int:
    return sum(len(group.segment_ids) for group in groups) if filters.order == "best" else len(groups)


def _page_of(groups: list[Group], filters: Filters) -> Found:
    if filters.order == "best":
        return Found(groups, is_all=False, was_walked=True)
    return Found(groups[:PAGE], is_all=False, was_walked=True, older=groups[PAGE - 1].candidate.cursor)


def _in_batch(filters: Filters, query: Query, batch: list[Candidate], *, is_read: bool) -> list[Group]:
    this = index()
    transcripts = [one.transcript_id for one in batch if one.transcript_id]
    hits = _read(filters, query, transcripts) if is_read else this.segments(query, among=transcripts)
    everything = [*transcripts, *(one.recording_id for one in batch)]
    names = [] if filters.speaker else this.names(query, among=everything)
    return _groups(filters, query, batch, hits, names, is_read=is_read)


def _read(filters: Filters, query: Query, transcripts: Sequence[UUID]) -> list[Hit]:
    """Read the transcripts themselves."""
    rows = _said(filters).filter(transcript__in=transcripts).values_list("pk", "transcript_id", "text")
    return [asked.Hit(pk, transcript) for pk, transcript, text in rows if matching.is_match(query, text)]


# Both


def _groups(
    filters: Filters,
    query: Query,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    names: Sequence[Name],
    *,
    is_read: bool = False,
) -> list[Group]:
    """Give each recording what was found in it; those without anything are left out."""
    latest = {one.transcript_id for one in candidates}
    kept = [hit for hit in hits if hit.transcript_id in latest]
    if not is_read and (filters.speaker or not index().is_exact(query)):
        kept = _matching(filters, query, kept)
    if not index().is_exact(query):
        names = matching_names(query, names)
    segments: dict[UUID | None, list[int]] = defaultdict(list)
    for hit in kept:
        segments[hit.transcript_id].append(hit.segment_id)
    named: dict[UUID | None, list[Name]] = defaultdict(list)
    for name in names:
        named[name.scope].append(name)
    groups = (
        Group(one, tuple(segments[one.transcript_id]), (*named[one.recording_id], *named[one.transcript_id]))
        for one in candidates
    )
    return [group for group in groups if group.segment_ids or group.names]


def _matching(filters: Filters, query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """Read the texts, where the index alone can't tell."""
    rows = _said(filters).filter(pk__in=[hit.segment_id for hit in hits]).values_list("pk", "text")
    matching_ids = {pk for pk, text in rows if matching.is_match(query, text)}
    return [hit for hit in hits if hit.segment_id in matching_ids]


def _said(filters: Filters) -> QuerySet[Segment]:
    said = Segment.objects.order_by()
    return said.filter(speaker__label__icontains=filters.speaker) if filters.speaker else said


def after(groups: Sequence[Group], cursor: str) -> list[Group]:
    """Return the groups behind a cursor."""
    place = scope.place_of(cursor)
    if place is None:
        return list(groups)
    return [group for group in groups if (group.candidate.created_at, group.candidate.recording_id) < place]


def newest_of(groups: Sequence[Group]) -> list[Group]:
    """Return the newest groups that have no more than `RANKED` moments together."""
    taken, moments = [], 0
    for group in groups:
        if moments >= RANKED:
            break
        taken.append(replace(group, segment_ids=tuple(islice(group.segment_ids, RANKED - moments))))
        moments += len(group.segment_ids)
    return taken
