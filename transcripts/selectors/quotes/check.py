"""The check of an article: each of its quotations as it was said, with who said it, when, and a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from transcripts.document import alignment
from transcripts.document.quotes import article, fitting
from transcripts.document.search import terms
from transcripts.selectors.quotes.passages import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from transcripts.document.quotes.article import Quote
    from transcripts.document.quotes.fitting import Fit
    from transcripts.document.search.terms import Token
    from transcripts.models import Segment, Transcript
    from transcripts.selectors.quotes.passages import Passage, Places

Kind = Literal["exact", "differing", "not_found"]
PieceKind = Literal["same", "quoted", "said"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quotation: the `same` in both, `quoted` but not said, or `said` but not quoted."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a quotation was said. `at_ms` is None if the words have no times."""

    transcript: Transcript
    speakers: tuple[str, ...]
    at_ms: int | None
    until_ms: int | None
    said: str
    language: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation, and how it was said. `is_partial` says that not all places with its words were looked at."""

    quote: Quote
    kind: Kind
    pieces: tuple[Piece, ...] = ()
    changes: int = 0
    source: Source | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All quotations of an article in their order; `short` and `left_out` are how many were not checked."""

    checked: tuple[Checked, ...]
    short: int = 0
    left_out: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many quotations there are of each kind."""
        kinds = [one.kind for one in self.checked]
        return {kind: kinds.count(kind) for kind in ("exact", "differing", "not_found")}


def check(text: str, user: User) -> Report:
    """Hold each quotation of a text against what the person may read."""
    found = article.read(text)
    places = places_of([quote.words for quote in found.quotes], user)
    checked = tuple(_checked(quote, where) for quote, where in zip(found.quotes, places, strict=True))
    return Report(checked, found.short, found.left_out)


def _checked(quote: Quote, places: Places) -> Checked:
    fits = _fits(quote, places)
    best = min(fits, key=lambda pair: pair[0].distance, default=None)
    if best is None or best[0].distance > fitting.most_changes(quote.size):
        return Checked(quote, "not_found", is_partial=places.is_partial)
    fit, passage = best
    pieces = tuple(_pieces(quote, passage, fit))
    kind: Kind = "exact" if fit.distance == 0 else "differing"
    return Checked(quote, kind, pieces, fit.distance, passage.source(fit))


def _fits(quote: Quote, places: Places) -> list[tuple[Fit, _Read]]:
    """Return how the quotation fits each place, up to one where all of it was said."""
    found: list[tuple[Fit, _Read]] = []
    for passage in map(_Read, places.passages):
        found.append((fitting.fit(quote.words, passage.words), passage))
        if found[-1][0].distance == 0:
            break
    return found


class _Read:
    """A passage as the words that are compared, each with its segment and its place there."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.tokens: list[tuple[Segment, Token]] = [
            (segment, token) for segment in passage.segments for token in terms.tokens(segment.text)
        ]
        self.words = [token.word for _, token in self.tokens]

    def text(self, begin: int, end: int) -> str:
        """Return words as they stand in the text."""
        parts: list[str] = []
        for segment, first, last in self._stretches(begin, end):
            parts.append(segment.text[first:last])
        return " ".join(parts)

    def source(self, fit: Fit) -> Source:
        """Return who said the words of a fit, and when."""
        stretches = list(self._stretches(fit.begin, fit.end))
        (first, begin, _), (last, _, end) = stretches[0], stretches[-1]
        transcript = self.passage.transcript
        speakers = dict.fromkeys(one.speaker.label for one, _, _ in stretches if one.speaker)
        said = self.text(fit.begin, fit.end)
        language = first.language or transcript.language
        return Source(
            transcript, tuple(speakers), _time(first, begin), _time(last, end - 1, is_end=True), said, language
        )

    def _stretches(self, begin: int, end: int) -> Iterator[tuple[Segment, int, int]]:
        """Yield segments with from where to where words are in each."""
        chosen = self.tokens[begin:end]
        for segment in self.passage.segments:
            own = [token for one, token in chosen if one is segment]
            if own:
                yield segment, own[0].begin, own[-1].end


def _time(segment: Segment, place: int, *, is_end: bool = False) -> int | None:
    """Return when a letter of a segment was said: the beginning or the end of its word, or else of the segment."""
    spans = alignment.spans(segment.text, [word[0] for word in segment.words])
    column = 2 if is_end else 1
    for word, span in zip(segment.words, spans, strict=True):
        if span and span[0] <= place < span[1] and word[column] is not None:
            return int(word[column])
    return segment.end_ms if is_end else segment.start_ms


def _pieces(quote: Quote, passage: _Read, fit: Fit) -> Iterator[Piece]:
    """Yield what was quoted and what was said instead, in the words of each."""
    for part in fitting.compared(quote.words, passage.words[fit.begin : fit.end]):
        first, last = part.quoted
        if last > first:
            yield Piece(
                "same" if part.is_same else "quoted", quote.text[quote.spans[first][0] : quote.spans[last - 1][1]]
            )
        begin, end = part.said
        if not part.is_same and end > begin:
            yield Piece("said", passage.text(fit.begin + begin, fit.begin + end))
