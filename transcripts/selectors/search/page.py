"""The page of results: recordings with their moments, how many there are, and what else could be searched for."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log2
from typing import TYPE_CHECKING

from django.urls import reverse

from transcripts import access
from transcripts.document.search import matching
from transcripts.document.search.query import Query, parse, widened
from transcripts.models import Recording, Transcript
from transcripts.models.choices import OPEN_LIVE
from transcripts.selectors.search import moments, plan, scope
from transcripts.selectors.search.names import near_queries
from transcripts.services.search.asked import COMMENT, MARKER, RECORDING, SPEAKER
from transcripts.services.search.index import index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from transcripts.document.search.matching import Piece
    from transcripts.selectors.search.moments import Moment
    from transcripts.selectors.search.plan import Found, Group
    from transcripts.selectors.search.scope import Filters

# So many other forms of the words are named.
FORMS = 5
WEIGHTS = {RECORDING: 8, SPEAKER: 3, COMMENT: 2, MARKER: 2}
KINDS = {RECORDING: "title", SPEAKER: "speaker", COMMENT: "comment", MARKER: "note"}


@dataclass(frozen=True, slots=True)
class Result:
    """A recording with what was found in it. `kinds` are what else has the words, as "title" or "comment"."""

    recording: Recording
    transcript: Transcript | None
    title: list[Piece]
    moments: list[Moment]
    count: int
    kinds: list[str]

    @property
    def more(self) -> int:
        """How many moments aren't shown yet."""
        return self.count - len(self.moments)

    @property
    def href(self) -> str:
        """The page of the text; while it is spoken, that of the session."""
        return _address(self.recording, self.transcript)

    @property
    def language(self) -> str:
        """The BCP-47 tag of what is spoken, as far as known."""
        return (self.transcript.language if self.transcript else "") or self.recording.language


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results. `counts` are (number, what) pairs; if they aren't `exact`, there are more of each.

    `forms` are other forms of the words that were found as well, `near` words to search for instead. `reached` is the
    day that a search of common words looked back to; `percent` how much is indexed while the index is filled.
    """

    query: Query
    filters: Filters
    results: list[Result] = field(default_factory=list)
    counts: list[tuple[int, str]] = field(default_factory=list)
    is_exact: bool = True
    older: str = ""
    forms: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    reached: datetime | None = None
    percent: int = 100

    @property
    def summary(self) -> str:
        """How much was found: "37 moments in 9 recordings, 2 titles, 1 comment"; of the first page only."""
        if not self.counts or self.filters.before:
            return ""
        said = [_counted(count, what) for count, what in self.counts]
        start = f"{said[0]} in {said[1]}" if self.counts[0][0] else ""
        if not self.is_exact:
            return f"More than {start}" if start else ""
        return ", ".join(part for part in [start, *said[2:]] if part)

    @property
    def lacks_words(self) -> bool:
        """Whether something was typed that holds no word to search for."""
        return bool(self.filters.text) and not self.query


def page(user: User, filters: Filters) -> Page:
    """Return a page of what the person can find."""
    query = parse(filters.text)
    if not query:
        return Page(query, filters, percent=index().state().percent)
    found, asked = _found(user, filters, query)
    shown, older = _page_of(found, filters)
    results = _results(user, shown, asked)
    return Page(
        query=query,
        filters=filters,
        results=results,
        counts=_counts(found.groups),
        is_exact=found.is_all,
        older=older,
        forms=moments.forms(shown, asked)[:FORMS] if asked != query else [],
        near=[] if results or found.reached or filters.before else near_queries(user, filters, query),
        reached=found.reached.created_at if found.reached else None,
        percent=index().state().percent,
    )


def address_of(recording: Recording) -> str:
    """Return the page of a recording's text; while it is spoken, that of the session."""
    transcripts = recording.transcripts.select_related("live_session").order_by("-created_at")
    return _address(recording, transcripts.first())


def _address(recording: Recording, transcript: Transcript | None) -> str:
    session = getattr(transcript, "live_session", None)
    if session is not None and session.status in OPEN_LIVE:
        return reverse("live_session", args=[session.pk])
    return (transcript or recording).get_absolute_url()


def more(user: User, filters: Filters, recording_id: UUID) -> list[Moment]:
    """Return all moments of one recording, as many as a page bears."""
    access.get_recording(user, recording_id)
    query = parse(filters.text)
    if not query:
        return []
    _, asked = _found(user, filters, query)
    found = plan.within(user, filters, asked, recording_id)
    return moments.of_groups(found, asked, most=moments.MOST).get(recording_id, [])


def _found(user: User, filters: Filters, query: Query) -> tuple[Found, Query]:
    """Search for the words; if there are few, for their other forms too.

    Forms that are common would bury the words themselves, so they are shown in the place of none alone.
    """
    found = plan.find(user, filters, query)
    wide = widened(query)
    if filters.is_exact or found.was_walked or len(found.groups) >= plan.PAGE or wide == query:
        return found, query
    with_forms = plan.find(user, filters, wide)
    return (found, query) if found.groups and not with_forms.is_all else (with_forms, wide)


def _page_of(found: Found, filters: Filters) -> tuple[list[Group], str]:
    """Return the groups of the page and the cursor of the next."""
    if filters.order == "best":
        return _best(found, filters)
    if not found.is_all:
        return found.groups, found.older
    rest = plan.after(found.groups, filters.before)
    shown = rest[: plan.PAGE]
    return shown, shown[-1].candidate.cursor if len(rest) > plan.PAGE else ""


def _best(found: Found, filters: Filters) -> tuple[list[Group], str]:
    """Rank the newest; a cursor is the number of those before."""
    ranked = sorted(plan.newest_of(found.groups), key=_score, reverse=True)
    first = int(filters.before) if filters.before.isascii() and filters.before.isdigit() else 0
    shown = ranked[first : first + plan.PAGE]
    return shown, str(first + plan.PAGE) if len(ranked) > first + plan.PAGE else ""


def _score(group: Group) -> float:
    """Rate titles before speakers before comments, and many moments before few."""
    return log2(1 + len(group.segment_ids)) + sum({name.kind: WEIGHTS[name.kind] for name in group.names}.values())


def _results(user: User, groups: Sequence[Group], query: Query) -> list[Result]:
    rows = scope.recordings(user, scope.Filters()).select_related("team", "owner")
    recordings = rows.in_bulk([group.candidate.recording_id for group in groups])
    ids = [group.candidate.transcript_id for group in groups if group.candidate.transcript_id]
    transcripts = Transcript.objects.select_related("live_session").in_bulk(ids)
    shown = moments.of_groups(groups, query)
    return [
        _result(recordings[key], transcripts, group, query, shown[key])
        for group in groups
        if (key := group.candidate.recording_id) in recordings
    ]


def _result(
    recording: Recording, transcripts: dict[UUID, Transcript], group: Group, query: Query, shown: list[Moment]
) -> Result:
    found = matching.match(query, recording.title)
    latest = group.candidate.transcript_id
    return Result(
        recording=recording,
        transcript=transcripts.get(latest) if latest else None,
        title=matching.pieces(recording.title, found.places if found else ()),
        moments=shown,
        count=moments.count(group),
        kinds=_kinds(group, is_titled=found is not None),
    )


def _kinds(group: Group, *, is_titled: bool) -> list[str]:
    kinds = [KINDS[kind] for kind in WEIGHTS if any(name.kind == kind for name in group.names)]
    return [kind if kind != "title" or is_titled else "file name" for kind in kinds]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _counts(groups: Sequence[Group]) -> list[tuple[int, str]]:
    """Count moments and recordings, and what else has the words."""
    said = [group for group in groups if group.segment_ids]
    kinds = [name.kind for group in groups for name in group.names]
    counts = [(sum(len(group.segment_ids) for group in said), "moment"), (len(said), "recording")]
    return counts + [(count, KINDS[kind]) for kind in WEIGHTS if (count := kinds.count(kind))]
