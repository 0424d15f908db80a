"""The answers of slices made one: times offset, overlaps joined once, speakers carried across. Pure (decision 45)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import alignment, scripts, timing
from transcripts.document.values import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from transcripts.document import Document, Segment

# Two answers may place the same word so far apart
NEAR_MS = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """The answer about a slice, whose first `overlap_ms` are in the slice before as well."""

    document: Document
    start_ms: int
    end_ms: int
    overlap_ms: int = 0


@dataclass(frozen=True, slots=True)
class Seam:
    """Where one answer ends and the next begins: the last word of the one, and that which is the same in the other."""

    last_ms: int
    next_ms: int


def described(parts: Sequence[Part]) -> Document:
    """Return what is known of all, by the answer with the most words: its language is that of most of the speech."""
    documents = [part.document for part in parts]
    most = max(documents, key=lambda document: len(scripts.words_in(document.text)))
    segments = tuple(segment for document in documents for segment in document.segments)
    exact = all(document.has_exact_speakers for document in documents)
    draft = any(document.is_draft for document in documents)
    return replace(most, segments=segments, has_exact_speakers=exact, is_draft=draft, duration_ms=None)


def joined(parts: Sequence[Part], length_ms: int | None, spoken: Sequence[tuple[int, int]] = ()) -> timing.Timed:
    """Return all segments by the time of the whole; no word is there twice or lost.

    Words without times are said in `spoken`, from when to when someone speaks, if that is known.
    """
    said: list[Segment] = []
    clamped = 0
    for number, part in enumerate(parts, start=1):
        here_spoken = [(start - part.start_ms, end - part.start_ms) for start, end in spoken]
        timed = timing.timed(part.document.segments, part.end_ms - part.start_ms, here_spoken)
        clamped += timed.clamped
        here = [_shifted(segment, part.start_ms) for segment in timed.segments]
        here = _with_speakers(said, here, part, number)
        if part.overlap_ms and said:
            said, here = _sewn(said, here, part)
        said += here
    return replace(timing.timed(said, length_ms), clamped=clamped)


def _shifted(segment: Segment, by_ms: int) -> Segment:
    def later(ms: int | None) -> int | None:
        return None if ms is None else ms + by_ms

    words = tuple(replace(word, start_ms=later(word.start_ms), end_ms=later(word.end_ms)) for word in segment.words)
    return replace(segment, start_ms=later(segment.start_ms), end_ms=later(segment.end_ms), words=words)


def _with_speakers(said: Sequence[Segment], here: Sequence[Segment], part: Part, number: int) -> list[Segment]:
    """Name the voices of a slice: as those that speak at the same time in the overlap, else as new ones.

    The same label of another slice is not the same person, unless the provider says that its labels are no estimate.
    """
    labels = list(dict.fromkeys(segment.speaker for segment in here if segment.speaker is not None))
    if number == 1 or part.document.has_exact_speakers:
        return list(here)
    names = {label: f"{number}:{label}" for label in labels} | _carried(said, here, part)
    return [
        segment if segment.speaker is None else replace(segment, speaker=names[segment.speaker]) for segment in here
    ]


def _carried(said: Sequence[Segment], here: Sequence[Segment], part: Part) -> dict[str, str]:
    """Return which voices of the slice are which of the slice before: each one's longest time together, once."""
    together: Counter[tuple[str, str]] = Counter()
    ends_ms = part.start_ms + part.overlap_ms
    for one in _spoken(said, part.start_ms, ends_ms):
        for other in _spoken(here, part.start_ms, ends_ms):
            shared = min(one[2], other[2]) - max(one[1], other[1])
            if shared > 0:
                together[one[0], other[0]] += shared
    carried: dict[str, str] = {}
    for (before, now), _ in together.most_common():
        if now not in carried and before not in carried.values():
            carried[now] = before
    return carried


def _spoken(segments: Sequence[Segment], from_ms: int, to_ms: int) -> Iterator[tuple[str, int, int]]:
    """Yield who speaks from when to when within a stretch, word by word."""
    for segment in segments:
        for word in _words(segment):
            begin, end = max(word.start_ms or 0, from_ms), min(word.end_ms or 0, to_ms)
            if segment.speaker is not None and begin < end:
                yield segment.speaker, begin, end


def _words(segment: Segment) -> Sequence[Word]:
    return segment.words or (Word(segment.text, segment.start_ms, segment.end_ms),)


def _sewn(said: list[Segment], here: list[Segment], part: Part) -> tuple[list[Segment], list[Segment]]:
    """Cut both at their seam: in words of which they agree, else in the middle of the overlap."""
    before, after = _within(said, part), _within(here, part)
    if not before or not after:
        # What only one of them heard stays
        return said, here
    seam = _seam(before, after)
    if seam is None:
        middle = part.start_ms + part.overlap_ms // 2
        return _kept(said, lambda word: _middle(word) < middle), _kept(here, lambda word: _middle(word) >= middle)
    return (
        _kept(said, lambda word: (word.start_ms or 0) <= seam.last_ms),
        _kept(here, lambda word: (word.start_ms or 0) > seam.next_ms),
    )


def _within(segments: Sequence[Segment], part: Part) -> list[Word]:
    words = (word for segment in segments for word in _words(segment))
    return [word for word in words if part.start_ms <= _middle(word) <= part.start_ms + part.overlap_ms]


def _middle(word: Word) -> int:
    return ((word.start_ms or 0) + (word.end_ms or 0)) // 2


def _seam(before: Sequence[Word], after: Sequence[Word]) -> Seam | None:
    """Return the middle of the longest run of words in which both agree, about where they are."""
    runs: dict[tuple[int, int], int] = {}
    for at, one in enumerate(before):
        for place, other in enumerate(after):
            if _is_same(one, other):
                runs[at, place] = runs.get((at - 1, place - 1), 0) + 1
    if not runs:
        return None
    (at, place), size = max(runs.items(), key=lambda run: run[1])
    back = size // 2
    return Seam(before[at - back].start_ms or 0, after[place - back].start_ms or 0)


def _is_same(one: Word, other: Word) -> bool:
    return _plain(one.text) == _plain(other.text) and abs(_middle(one) - _middle(other)) <= NEAR_MS


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text.strip()


def _kept(segments: Sequence[Segment], is_kept: Callable[[Word], bool]) -> list[Segment]:
    """Return what is left of the segments if only some of their words are, at their beginning or at their end."""
    return [left for segment in segments if (left := _trimmed(segment, is_kept)) is not None]


def _trimmed(segment: Segment, is_kept: Callable[[Word], bool]) -> Segment | None:
    words = _words(segment)
    stays = [at for at, word in enumerate(words) if is_kept(word)]
    if len(stays) == len(words):
        return segment
    if not stays:
        return None
    first, behind = stays[0], stays[-1] + 1
    spans = alignment.spans(segment.text, [word.text.strip() for word in words])
    begin, end = spans[first] if first else (0, 0), spans[behind] if behind < len(words) else None
    text = segment.text[begin[0] if begin else 0 : end[0] if end else None].strip()
    left = tuple(words[first:behind])
    return replace(segment, text=text, words=left, start_ms=left[0].start_ms, end_ms=left[-1].end_ms)
