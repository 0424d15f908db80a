"""Where in the archive a quotation may have been said: segments that have its rarest words, and those around them.

The words of a quotation vote for segments, the rarer a word the more; only segments of recordings that the person can
see are read. A quotation of nothing but common words is looked for by words in a row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from transcripts import access
from transcripts.document.quotes.article import GAP
from transcripts.models import Segment, Transcript
from transcripts.services.search.asked import COMMON
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.services.search.asked import Hit

# So many words vote, the longest first: long words are rare ones.
VOTERS, TRIED = 4, 10
# So many places are read for each quotation.
READ = 6
# Transcripts whose permission is asked for together
BATCH = 200
# Words in a row that common ones are looked for by, and how many places they may have
RUN, MOST = 5, 2_000
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


def places_of(words: Sequence[str], user: User) -> Places:
    """Return where a quotation may have been said, the likeliest first."""
    votes = _votes(words)
    is_partial = False
    if not votes:
        votes, is_partial = _votes_of_runs(words)
    passages: list[Passage] = []
    for hit in _visible(sorted(votes, key=lambda hit: -votes[hit]), user):
        if not any(hit.segment_id == one.pk for passage in passages for one in passage.segments):
            passages.append(_around(hit))
        if len(passages) == READ:
            break
    return Places(tuple(passages), is_partial)


def _votes(words: Sequence[str]) -> dict[Hit, float]:
    """Return what the rarest words vote for."""
    votes: dict[Hit, float] = defaultdict(float)
    voters = 0
    for word in sorted({one for one in words if one != GAP}, key=lambda one: (-len(one), one))[:TRIED]:
        if voters == VOTERS or index().is_common(word):
            continue
        hits = index().segments_with([word])
        voters += bool(hits)
        for _, hit in hits:
            votes[hit] += math.log(COMMON / len(hits)) + 1
    return votes


def _votes_of_runs(words: Sequence[str]) -> tuple[dict[Hit, float], bool]:
    """Return where words in a row are together, from the beginning, the middle and the end; whether there are more."""
    spoken = [word for word in words if word != GAP]
    last = max(0, len(spoken) - RUN)
    votes: dict[Hit, float] = defaultdict(float)
    is_partial = False
    for begin in sorted({0, last // 2, last}):
        hits = index().together(sorted(set(spoken[begin : begin + RUN])), most=MOST)
        is_partial |= len(hits) == MOST
        for hit in hits:
            votes[hit] += 1
    return votes, is_partial


def _visible(hits: Sequence[Hit], user: User) -> list[Hit]:
    """Return the first of the hits that the person can see, in the newest transcript of each recording."""
    found: list[Hit] = []
    for begin in range(0, len(hits), BATCH):
        part = hits[begin : begin + BATCH]
        allowed = _allowed({hit.transcript_id for hit in part}, user)
        found += [hit for hit in part if hit.transcript_id in allowed]
        if len(found) >= READ * AROUND:
            break
    return found


def _allowed(transcript_ids: set[UUID], user: User) -> set[UUID]:
    newest = Transcript.objects.filter(recording=OuterRef("recording")).order_by("-created_at").values("pk")[:1]
    seen = Transcript.objects.filter(pk__in=transcript_ids, recording__in=access.recordings_of(user))
    return set(seen.alias(newest=Subquery(newest)).filter(pk=Subquery(newest)).values_list("pk", flat=True))


def _around(hit: Hit) -> Passage:
    """Return a segment with those before and after it."""
    transcript = Transcript.objects.select_related("recording").get(pk=hit.transcript_id)
    rows = Segment.objects.select_related("speaker").filter(transcript=transcript)
    position = rows.filter(pk=hit.segment_id).values_list("position", flat=True).first() or 0
    before = rows.filter(position__lt=position).order_by("-position")[:AROUND]
    after = rows.filter(position__gte=position).order_by("position")[: AROUND + 1]
    return Passage(transcript, (*reversed(before), *after))
