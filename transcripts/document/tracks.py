"""Several audio tracks that a provider got one after the other, made one conversation again."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from transcripts.document import alignment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.values import Segment, Word

# Providers may begin a word a little before the audio does; tracks are two seconds apart.
EARLY_MS = 1_000


@dataclass(frozen=True, slots=True)
class Track:
    """Where a track is in the audio that the provider got. `label` is what people call it."""

    label: str
    start_ms: int
    end_ms: int


def apart(segments: Sequence[Segment], tracks: Sequence[Track]) -> tuple[Segment, ...]:
    """Return the segments by the time they were said, each with its track for a speaker; no word is lost.

    If a provider told several speakers apart in one track, they stay apart: "Desktop, speaker 2".
    """
    if len(tracks) < 2:
        return tuple(segments)
    placed = list(_by_track(segments, tracks))
    voices = _voices(placed, tracks)
    moved = [(replace(_moved(segment, tracks[at]), speaker=voices[at, segment.speaker]), at) for at, segment in placed]
    return tuple(_in_order(moved))


def _by_track(segments: Sequence[Segment], tracks: Sequence[Track]) -> Iterator[tuple[int, Segment]]:
    """Yield each segment with the index of its track; one that runs from a track into the next is cut."""
    at = 0
    for segment in segments:
        at = _track_at(segment.start_ms, tracks, at)
        for word_at, piece in _cut(segment, tracks, at):
            at = word_at
            yield at, piece


def _track_at(ms: int | None, tracks: Sequence[Track], otherwise: int) -> int:
    if ms is None:
        return otherwise
    return max((at for at, track in enumerate(tracks) if track.start_ms - EARLY_MS <= ms), default=0)


def _cut(segment: Segment, tracks: Sequence[Track], at: int) -> Iterator[tuple[int, Segment]]:
    runs: list[tuple[int, list[Word]]] = []
    for word in segment.words:
        at = _track_at(word.start_ms, tracks, at)
        if not runs or runs[-1][0] != at:
            runs.append((at, []))
        runs[-1][1].append(word)
    if len(runs) < 2:
        yield (runs[0][0] if runs else at), segment
        return
    texts = _texts(segment, [len(words) for _, words in runs])
    for (at, words), text in zip(runs, texts, strict=True):
        times = [ms for word in words for ms in (word.start_ms, word.end_ms) if ms is not None]
        start_ms, end_ms = (min(times), max(times)) if times else (None, None)
        yield at, replace(segment, text=text, words=tuple(words), start_ms=start_ms, end_ms=end_ms)


def _texts(segment: Segment, counts: Sequence[int]) -> list[str]:
    """Cut the text into runs of so many words each: before a run's first word, or behind the last that is there."""
    spans = alignment.spans(segment.text, [word.text.strip() for word in segment.words])
    cuts, reached = [0], 0
    firsts = set(itertools.accumulate(counts[:-1]))
    for number, span in enumerate(spans):
        if number in firsts:
            cuts.append(span[0] if span else reached)
        reached = span[1] if span else reached
    edges = [*cuts, len(segment.text)]
    return [segment.text[begin:end].strip() for begin, end in itertools.pairwise(edges)]


def _moved(segment: Segment, track: Track) -> Segment:
    def moved(ms: int | None) -> int | None:
        return None if ms is None else min(max(0, ms - track.start_ms), track.end_ms - track.start_ms)

    words = tuple(replace(word, start_ms=moved(word.start_ms), end_ms=moved(word.end_ms)) for word in segment.words)
    return replace(segment, start_ms=moved(segment.start_ms), end_ms=moved(segment.end_ms), words=words)


def _voices(placed: Sequence[tuple[int, Segment]], tracks: Sequence[Track]) -> dict[tuple[int, str | None], str]:
    """Name each speaker of each track."""
    names: dict[tuple[int, str | None], str] = {}
    for at, track in enumerate(tracks):
        speakers = list(dict.fromkeys(segment.speaker for here, segment in placed if here == at))
        for number, speaker in enumerate(speakers, start=1):
            names[at, speaker] = track.label if len(speakers) == 1 else f"{track.label}, speaker {number}"
    return names


def _in_order(moved: Sequence[tuple[Segment, int]]) -> list[Segment]:
    """Sort by time; what has no time stays behind the one it followed in its track."""
    keys: list[tuple[int, int, int]] = []
    last = {at: 0 for _, at in moved}
    for number, (segment, at) in enumerate(moved):
        last[at] = last[at] if segment.start_ms is None else segment.start_ms
        keys.append((last[at], at, number))
    return [moved[number][0] for _, _, number in sorted(keys)]
