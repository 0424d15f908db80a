"""Several audio tracks that a provider got one after the other, made one conversation again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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
    text = segment.text
    for (at, words), following in zip(runs, [*runs[1:], None], strict=True):
        here, text = _split(text, words, following[1][0] if following else None)
        times = [ms for word in words for ms in (word.start_ms, word.end_ms) if ms is not None]
        start_ms, end_ms = (min(times), max(times)) if times else (None, None)
        yield at, replace(segment, text=here, words=tuple(words), start_ms=start_ms, end_ms=end_ms)


def _split(text: str, words: Sequence[Word], following: Word | None) -> tuple[str, str]:
    """Split a text behind these words, before the one that follows them."""
    if following is None:
        return text.strip(), ""
    position = 0
    for word in words:
        found = text.find(word.text.strip(), position)
        position = position if found < 0 else found + len(word.text.strip())
    found = text.find(following.text.strip(), position)
    cut = position if found < 0 else found
    return text[:cut].strip(), text[cut:]


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
