"""What was found in a recording, as the page shows it: when, by whom, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from transcripts.document.search import matching
from transcripts.models import Comment, Marker, Segment
from transcripts.selectors.search.names import source
from transcripts.services.search.asked import COMMENT, MARKER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from transcripts.document.search.matching import Match, Piece
    from transcripts.document.search.query import Query
    from transcripts.selectors.search.plan import Group

# Of a recording, until the person asks for more
SHOWN = 3
# What a person asks for is not without end either
MOST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """A place of a recording; `at_ms` is None if it isn't known. `label` is who spoke, commented or noted."""

    at_ms: int | None
    label: str
    pieces: tuple[Piece, ...]
    language: str = ""


def of_groups(groups: Sequence[Group], query: Query, *, most: int = SHOWN) -> dict[UUID, list[Moment]]:
    """Return the first moments of each recording, those of the text before comments and notes."""
    ids = _first_segments(groups, most)
    said = _segments(query, chain.from_iterable(ids.values()))
    noted = _comments(groups, query) | _markers(groups, query)
    return {
        group.candidate.recording_id: [
            *(said[pk] for pk in ids[group.candidate.recording_id] if pk in said),
            *(noted[key] for name in group.names if (key := (name.kind, source(name.source))) in noted),
        ][:most]
        for group in groups
    }


def forms(groups: Sequence[Group], query: Query) -> list[str]:
    """Return the words of the groups that were found by their beginning alone, as far as `MOST` segments of each."""
    ids = [pk for group in groups for pk in sorted(group.segment_ids)[:MOST]]
    texts = Segment.objects.filter(pk__in=ids).order_by("-pk").values_list("text", flat=True)
    found = (matching.match(query, text) for text in texts)
    return list(dict.fromkeys(form for one in found if one for form in one.forms))


def count(group: Group) -> int:
    """Return how many moments a group has."""
    return len(group.segment_ids) + sum(name.kind in (COMMENT, MARKER) for name in group.names)


def _first_segments(groups: Sequence[Group], most: int) -> dict[UUID, list[int]]:
    """Return the first segments of each group, in the order of the text. Those of many are taken by age."""
    some = {group.candidate.recording_id: sorted(group.segment_ids)[: max(most, MOST)] for group in groups}
    rows = Segment.objects.filter(pk__in=list(chain.from_iterable(some.values()))).order_by()
    places = dict(rows.values_list("pk", "position"))
    return {
        key: sorted((pk for pk in ids if pk in places), key=lambda pk: places[pk])[:most] for key, ids in some.items()
    }


def _segments(query: Query, ids: Iterable[int]) -> dict[int, Moment]:
    rows = Segment.objects.filter(pk__in=list(ids)).order_by()
    columns = ("pk", "start_ms", "speaker__label", "text", "language")
    return {
        pk: _moment(query, start_ms, label or "", text, language)
        for pk, start_ms, label, text, language in rows.values_list(*columns)
    }


def _moment(query: Query, at_ms: int | None, label: str, text: str, language: str = "") -> Moment:
    found: Match = matching.match(query, text) or matching.Match(())
    return Moment(at_ms, label, tuple(matching.excerpt(text, found.places)), language)


def _comments(groups: Sequence[Group], query: Query) -> dict[tuple[str, str], Moment]:
    rows: Any = Comment.objects.present().filter(pk__in=_sources(groups, COMMENT))
    return {
        (COMMENT, row.pk.hex): _moment(query, _at(row), f"Comment, {row.author_name}", f"{row.body} {row.tag}".strip())
        for row in rows.select_related("author", "segment", "parent__segment")
    }


def _at(comment: Comment) -> int | None:
    """Return when a comment is about: its own moment, that of its segment, or of what it replies to."""
    own = comment.at_ms if comment.at_ms is not None or comment.segment is None else comment.segment.start_ms
    return _at(comment.parent) if own is None and comment.parent else own


def _markers(groups: Sequence[Group], query: Query) -> dict[tuple[str, str], Moment]:
    rows = Marker.objects.filter(pk__in=_sources(groups, MARKER), removed_at=None).select_related("author")
    return {
        (MARKER, row.pk.hex): _moment(
            query, row.at_ms, f"Marker, {row.author_name}" if row.author_name else "Marker", row.note
        )
        for row in rows
    }


def _sources(groups: Sequence[Group], kind: str) -> list[str]:
    return [name.source for group in groups for name in group.names if name.kind == kind]
