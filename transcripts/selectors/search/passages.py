"""Where a quotation may come from: the segments of the archive that have its rarest words, the likeliest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from transcripts.document.search import terms
from transcripts.selectors.search import scope
from transcripts.services.search.asked import COMMON
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.services.search.asked import Hit

# So many of the rarest words are asked for: of a quotation with some words changed enough are left.
WORDS = 8
MOST = 50


@dataclass(frozen=True, slots=True)
class Passage:
    """A segment that has some words of a quotation; `weight` says how many, and how rare they are."""

    recording_id: UUID
    transcript_id: UUID
    segment_id: int
    words: frozenset[str]
    weight: float


def passages(user: User, quotation: str, *, most: int = MOST) -> list[Passage]:
    """Return the segments that have most of the rare words of a quotation, among all that the person can read.

    Each segment speaks for its neighbours too: a quotation may begin in one and end in another. A quotation of nothing
    but common words has none.
    """
    rare = _rare(terms.words(quotation))
    found = index().segments_with(rare)
    weights = _weights(found)
    seen = _readable(user, [hit for _, hit in found])
    words: dict[Hit, set[str]] = defaultdict(set)
    for word, hit in found:
        if hit.transcript_id in seen:
            words[hit].add(word)
    ranked = sorted(words.items(), key=lambda item: -sum(weights[word] for word in item[1]))
    return [
        Passage(
            recording_id=seen[hit.transcript_id],
            transcript_id=hit.transcript_id,
            segment_id=hit.segment_id,
            words=frozenset(own),
            weight=sum(weights[word] for word in own),
        )
        for hit, own in ranked[:most]
    ]


def _rare(words: Iterable[str]) -> list[str]:
    """Return the words that few segments have; long words are likelier among them, so they are asked about first."""
    this = index()
    by_length = sorted(dict.fromkeys(words), key=len, reverse=True)
    rare: list[str] = []
    for word in by_length:
        if len(rare) == WORDS:
            break
        if not this.is_common(word):
            rare.append(word)
    return rare


def _weights(found: Sequence[tuple[str, Hit]]) -> dict[str, float]:
    """Weigh words by how few segments have them."""
    counts: dict[str, int] = defaultdict(int)
    for word, _ in found:
        counts[word] += 1
    return {word: log(1 + COMMON / count) for word, count in counts.items()}


def _readable(user: User, hits: Sequence[Hit]) -> dict[UUID, UUID]:
    """Return the recordings of those transcripts that are the latest of a recording that the person can see."""
    owners = scope.owners(hit.transcript_id for hit in hits)
    candidates = scope.among(user, scope.Filters(), set(owners.values()))
    return {one.transcript_id: one.recording_id for one in candidates if one.transcript_id}
