"""A term applied to the transcripts that a team has: each place is shown first, and all is taken back together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from transcripts import access
from transcripts.document import alignment
from transcripts.models import Segment
from transcripts.models.choices import EditDirection
from transcripts.services.errors import Refused
from transcripts.services.transcript import edits
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from accounts.models import User
    from transcripts.models import Term, Transcript

MOST_HITS = 200
# So much of the text and of the audio is shown around a place.
AROUND, AROUND_MS = 60, 1_000

# A transcript and the number of an edit of it.
Applied = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of a transcript that has what is often transcribed in place of a term."""

    transcript: Transcript
    key: str
    text: str
    first: int
    last: int
    start_ms: int
    end_ms: int

    @property
    def name(self) -> str:
        """What a form calls it; another one if the text changes."""
        return f"{self.transcript.pk}:{self.key}:{self.first}:{self.was}"

    @property
    def was(self) -> str:
        """The words that are there."""
        return self.text[self.first : self.last]

    @property
    def before(self) -> str:
        """The text before them."""
        return self.text[max(0, self.first - AROUND) : self.first]

    @property
    def after(self) -> str:
        """The text after them."""
        return self.text[self.last : self.last + AROUND]


def hits(term: Term, user: User) -> list[Hit]:
    """Return the places in the newest transcripts of the team's recordings, the latest transcript first."""
    listed = [text for text in term.sounds_like if text]
    if not listed:
        return []
    recordings = access.recordings_of(user).filter(team=term.vocabulary.team)
    has_any = Q()
    for text in listed:
        has_any |= Q(text__icontains=text)
    rows = Segment.objects.filter(has_any, transcript__recording__in=recordings)
    rows = rows.select_related("transcript__recording").order_by("-transcript__created_at", "position")
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed))})(?!\w)", re.IGNORECASE)
    found: list[Hit] = []
    is_newest: dict[UUID, bool] = {}
    for row in rows.iterator(MOST_HITS):
        pk = row.transcript_id
        is_newest[pk] = is_newest[pk] if pk in is_newest else newer_than(row.transcript) is None
        found += _hits_in(row, whole) if is_newest[pk] else ()
        if len(found) >= MOST_HITS:
            break
    return found[:MOST_HITS]


def _hits_in(row: Segment, whole: re.Pattern[str]) -> Iterator[Hit]:
    spans = alignment.spans(row.text, [word[0] for word in row.words])
    for match in whole.finditer(row.text):
        first, last = match.span()
        words = [word for word, span in zip(row.words, spans, strict=True) if _overlaps(span, first, last)]
        starts = [word[1] for word in words if word[1] is not None] or [row.start_ms or 0]
        ends = [word[2] for word in words if word[2] is not None] or [row.end_ms or 0]
        yield Hit(
            row.transcript, row.key, row.text, first, last, max(0, min(starts) - AROUND_MS), max(ends) + AROUND_MS
        )


def _overlaps(span: alignment.Span | None, first: int, last: int) -> bool:
    return span is not None and span[0] < last and span[1] > first


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying a term did: the edits, and why a transcript was left alone, a sentence each."""

    applied: Applied
    refusals: list[str]


def apply(term: Term, chosen: Collection[str], *, actor: User) -> Outcome:
    """Put the term in the chosen places, an edit a transcript. What changed since is left alone."""
    by_transcript: dict[UUID, list[Hit]] = defaultdict(list)
    for hit in hits(term, actor):
        if hit.name in chosen:
            by_transcript[hit.transcript.pk].append(hit)
    outcome = Outcome([], [])
    for pk, some in by_transcript.items():
        try:
            outcome.applied.append((str(pk), _apply(term, some, actor)))
        except Refused as refusal:
            outcome.refusals.append(f"{some[0].transcript.recording.title}: {refusal}")
    return outcome


def _apply(term: Term, some: Sequence[Hit], actor: User) -> int:
    transcript = access.get_transcript(actor, some[0].transcript.pk, need=access.Level.EDIT)
    texts = {hit.key: hit.text for hit in some}
    for hit in sorted(some, key=lambda one: one.first, reverse=True):
        said = texts[hit.key]
        texts[hit.key] = said[: hit.first] + _in_place_of(hit.was, term.term) + said[hit.last :]
    were = {hit.key: hit.text for hit in some}
    asked = [{"op": "set_text", "id": key, "was": were[key], "text": text} for key, text in texts.items()]
    return _send(transcript, asked, actor)


def _in_place_of(was: str, term: str) -> str:
    """Return the term with a capital if the words that it replaces begin with one."""
    return term[:1].upper() + term[1:] if was[:1].isupper() else term


def undo(applied: Applied, *, actor: User) -> int:
    """Take back what `apply` did, over what others did since; return in how many transcripts."""
    for pk, number in applied:
        transcript = access.get_transcript(actor, UUID(pk), need=access.Level.EDIT)
        _send(transcript, [{"op": "undo", "edit": number}], actor, EditDirection.UNDO)
    return len(applied)


def _send(
    transcript: Transcript, asked: Sequence[dict[str, Any]], actor: User, direction: EditDirection | None = None
) -> int:
    batch = edits.Batch("", 0, transcript.changes, asked, direction)
    number: int = edits.apply(transcript, batch, actor=actor)["change"]
    return number
