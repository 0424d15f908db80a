"""Where in the archive a quotation may have been said: segments that have its rarest words, and those around them.

The rare words of a quotation vote for segments, and so do its words in a row, many more than few: in a large archive a
quotation may have no rare word, or one that a thousand segments have. Only segments of recordings that the person can
see are read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import F, Q

from transcripts import access
from transcripts.document.quotes.article import GAP
from transcripts.models import POSITION_GAP, Segment, Transcript
from transcripts.services.search.asked import COMMON
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.services.search.asked import Hit

# So many words vote, the longest first: long words are rare ones.
VOTERS, TRIED = 6, 12
# That two words are together says more than that one of them is rare
ALIKE = 10
# So many places are read for each quotation.
READ = 6
# So many places of each quotation are looked at before more, and so many transcripts are asked for by one query
BATCH, AT_ONCE, ORS = 100, 2_000, 100
# So many words in a row are looked for together, the longest rows first, and so many places of one row are looked at
ROWS, MOST = (12, 8, 5), 2_000
# Segments around a place: a quotation goes over several.
AROUND = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """Segments of one transcript that follow each other."""

    transcript: Transcript
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Passages to read; `is_partial` if there are more places with the same common words than were looked at."""

    passages: tuple[Passage, ...]
    is_partial: bool = False


def places_of(quotes: Sequence[Sequence[str]], user: User) -> list[Places]:
    """Return for each quotation where it may have been said, the likeliest first. All are asked for together."""
    votes = [_votes(words) for words in quotes]
    ranked = [sorted(one.hits, key=lambda hit: -one.hits[hit]) for one in votes]
    chosen = _chosen(ranked, user)
    passages = _read(list(dict.fromkeys(hit for hits in chosen for hit in hits)))
    return [
        Places(tuple(passages[hit] for hit in hits if hit in passages), one.is_partial)
        for hits, one in zip(chosen, votes, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Votes:
    """What the words of a quotation say of segments."""

    hits: dict[Hit, float]
    is_partial: bool = False


def _votes(words: Sequence[str]) -> _Votes:
    hits = _votes_of_words(words)
    if _are_decided(hits):
        return _Votes(hits)
    is_partial = _add_votes_of_rows([word for word in words if word != GAP], hits)
    return _Votes(hits, is_partial)


def _are_decided(votes: dict[Hit, float]) -> bool:
    """Tell whether rare words leave no more places than are read: all that have one, or those that have two."""
    several = sum(vote >= 2 * ALIKE for vote in votes.values())
    return 0 < (several or len(votes)) <= READ


def _votes_of_words(words: Sequence[str]) -> dict[Hit, float]:
    """Return what the rarest words vote for."""
    votes: dict[Hit, float] = defaultdict(float)
    voters = 0
    for word in sorted({one for one in words if one != GAP}, key=lambda one: (-len(one), one))[:TRIED]:
        if voters == VOTERS or index().is_common(word):
            continue
        hits = index().segments_with([word])
        voters += bool(hits)
        for _, hit in hits:
            votes[hit] += ALIKE + math.log(COMMON / len(hits))
    return votes


def _add_votes_of_rows(words: Sequence[str], votes: dict[Hit, float]) -> bool:
    """Add what words in a row vote for that are together in a segment; tell whether there are more such places.

    Shorter rows are looked for until one is found: a segment may end within the quotation, and words may differ.
    """
    is_partial = False
    for size in (len(words), *(one for one in ROWS if one < len(words))):
        rows = [words[begin : begin + size] for begin in sorted({0, (len(words) - size) // 2, len(words) - size})]
        found = [index().together(sorted(set(row)), most=MOST) for row in rows]
        for row, hits in zip(rows, found, strict=True):
            for hit in hits:
                votes[hit] += ALIKE * len(set(row))
        is_partial |= any(len(hits) == MOST for hits in found)
        if any(0 < len(hits) < MOST for hits in found):
            break
    return is_partial


def _chosen(ranked: Sequence[Sequence[Hit]], user: User) -> list[list[Hit]]:
    """Return the first places of each quotation that the person can see, no two of them beside each other."""
    chosen: list[list[Hit]] = [[] for _ in ranked]
    allowed: dict[UUID, bool] = {}
    begin = 0
    while waiting := [n for n, hits in enumerate(ranked) if len(chosen[n]) < READ and begin < len(hits)]:
        part = {n: ranked[n][begin : begin + BATCH] for n in waiting}
        asked = {hit.transcript_id for hits in part.values() for hit in hits} - allowed.keys()
        seen = _allowed(asked, user)
        allowed |= {pk: pk in seen for pk in asked}
        for n, hits in part.items():
            for hit in hits:
                if len(chosen[n]) < READ and allowed[hit.transcript_id] and not _is_beside(hit, chosen[n]):
                    chosen[n].append(hit)
        begin += BATCH
    return chosen


def _is_beside(hit: Hit, others: Sequence[Hit]) -> bool:
    """Tell whether the passage of another has this segment: those of a transcript are numbered as they were written."""
    return any(
        hit.transcript_id == one.transcript_id and abs(hit.segment_id - one.segment_id) < AROUND for one in others
    )


def _allowed(transcript_ids: set[UUID], user: User) -> set[UUID]:
    """Return those that the person can see, and that are the newest of their recordings."""
    found: set[UUID] = set()
    ids = list(transcript_ids)
    for begin in range(0, len(ids), AT_ONCE):
        newest = Transcript.objects.filter(pk__in=ids[begin : begin + AT_ONCE], recording__latest_transcript=F("pk"))
        recordings = dict(newest.values_list("recording", "pk"))
        # Of these alone: asked within the other query, a database would first list all that the person can see
        seen = access.recordings_of(user).filter(pk__in=recordings).values_list("pk", flat=True)
        found |= {recordings[pk] for pk in seen}
    return found


def _read(hits: Sequence[Hit]) -> dict[Hit, Passage]:
    """Return each segment with those around it."""
    positions = dict(Segment.objects.filter(pk__in=[hit.segment_id for hit in hits]).values_list("pk", "position"))
    transcripts = Transcript.objects.select_related("recording").in_bulk({hit.transcript_id for hit in hits})
    rows: dict[UUID, list[Segment]] = defaultdict(list)
    for begin in range(0, len(hits), ORS):
        windows = [_window(hit, positions) for hit in hits[begin : begin + ORS] if hit.segment_id in positions]
        found = Segment.objects.filter(reduce(or_, windows, Q(pk__in=()))).select_related("speaker")
        for row in found.order_by("position"):
            rows[row.transcript_id].append(row)
    return {
        hit: Passage(transcripts[hit.transcript_id], tuple(_around(rows[hit.transcript_id], positions[hit.segment_id])))
        for hit in hits
        if hit.segment_id in positions
    }


def _window(hit: Hit, positions: dict[int, int]) -> Q:
    """Return what is true of the segments around one: there are no fewer in a stretch than were written there."""
    position, reach = positions[hit.segment_id], AROUND * POSITION_GAP
    return Q(transcript=hit.transcript_id, position__range=(max(0, position - reach), position + reach))


def _around(rows: Sequence[Segment], position: int) -> list[Segment]:
    """Return a segment with so many before and after it; those of several windows may be there twice."""
    unique = list({row.pk: row for row in sorted(rows, key=lambda row: row.position)}.values())
    at = next(number for number, row in enumerate(unique) if row.position == position)
    return unique[max(0, at - AROUND) : at + AROUND + 1]
