"""What a transcript lacks because the provider couldn't transcribe a slice of its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transcripts.models import Chunk, Recording
    from transcripts.services.notices import Notice

CODE = "missing"


class Stretch(NamedTuple):
    """A stretch of audio, in ms, and why it has no words."""

    from_ms: int
    until_ms: int
    why: str


def notices_of(chunks: Sequence[Chunk]) -> list[Notice]:
    """Return a notice for each stretch of the recording whose slices, in their order, have no answer."""
    layout = chunks[0].layout
    found = [part for one in _joined(_unanswered(chunks)) for part in (_in_tracks(one, layout) if layout else [one])]
    return [{"source": "transcript", "code": CODE, "values": stretch._asdict()} for stretch in found]


def of(recording: Recording) -> list[Stretch]:
    """Return what the newest transcript of a recording lacks."""
    return [Stretch(**notice["values"]) for notice in recording.notices if notice["code"] == CODE]


def _unanswered(chunks: Sequence[Chunk]) -> Iterator[Stretch]:
    """Yield each slice without an answer, but for what its neighbours have of it."""
    for before, chunk, after in zip([None, *chunks], chunks, [*chunks[1:], None], strict=False):
        if chunk.has_words:
            continue
        heard_ms = chunk.overlap_ms if before and before.has_words else 0
        until_ms = min(chunk.end_ms, after.start_ms) if after and after.has_words else chunk.end_ms
        yield Stretch(chunk.start_ms + heard_ms, until_ms, chunk.error_message)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Make one of those that follow each other for the same reason."""
    made: list[Stretch] = []
    for one in stretches:
        if made and made[-1].why == one.why and one.from_ms <= made[-1].until_ms:
            made[-1] = made[-1]._replace(until_ms=one.until_ms)
        else:
            made.append(one)
    return made


def _in_tracks(stretch: Stretch, layout: Sequence[dict[str, int]]) -> Iterator[Stretch]:
    """Yield the stretch by the time of the recording: its tracks were sent one after the other."""
    for track in layout:
        begin, end = max(stretch.from_ms, track["start_ms"]), min(stretch.until_ms, track["end_ms"])
        if begin < end:
            yield Stretch(begin - track["start_ms"], end - track["start_ms"], stretch.why)
