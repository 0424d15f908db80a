"""Decode tracks into outputs, by presentation time, and count what could not be read."""

from __future__ import annotations

import time
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts.media import errors
from transcripts.media.decoder.describe import LOWEST_RATE
from transcripts.media.decoder.mixing import Converter, Gatherer
from transcripts.media.decoder.opening import opened
from transcripts.media.decoder.outputs import RATE
from transcripts.media.decoder.reading import Decoded, Reader
from transcripts.media.decoder.timeline import Piece, Timeline
from transcripts.media.lanes import Inline, Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from av.audio.frame import AudioFrame

    from transcripts.media.decoder.opening import Part
    from transcripts.media.decoder.outputs import Copy, Mono

SAY_EVERY_S = 0.25
# Audio below this (-50 dB of full scale) may be left out to catch up with the clock.
QUIET = 104


@dataclass(slots=True)
class Source:
    """A file to decode: its parts, how long it can be (s), whom to tell how much is decoded (s), and the complaints."""

    path: Path
    parts: Sequence[Part]
    limit_s: float
    say: Callable[[float], None]
    complaints: Callable[[], int]
    _said_at: float = 0.0

    def progress(self, done_s: float) -> None:
        """Tell how far decoding is, a few times a second."""
        if time.monotonic() >= self._said_at + SAY_EVERY_S:
            self._said_at = time.monotonic()
            self.say(done_s)


@dataclass(slots=True)
class Run:
    """The decoding of one track into its outputs; the first sample is written at `base` of the mono output.

    What is encoded is written in a lane of its own, and complete after `finish`.
    """

    mono: Mono
    copy: Copy | None
    timeline: Timeline[Decoded]
    mono_lane: Lane | Inline
    copy_lane: Lane | Inline
    base: int = 0
    lost_s: float = 0.0
    failures: int = 0
    known: int = 0
    gatherer: Gatherer = field(default_factory=Gatherer)

    @property
    def length_ms(self) -> int:
        """How long the track is, silence in it included."""
        return (self.mono.samples - self.base) * 1000 // RATE

    def take(self, piece: Piece[Decoded]) -> None:
        """Write one piece behind the silence it needs."""
        decoded = piece.sound
        self.lost_s += max(decoded.failed_s, piece.gap_s if self._is_damage(decoded) else 0.0)
        if piece.gap_s:
            self.known = decoded.complaints
            self.flush()
            self.mono_lane.do(self.mono.pad, self.base + round(piece.at_s * RATE))
            if self.copy:
                self.copy_lane.do(self.copy.pad, piece.at_s)
        self._write(self.gatherer.feed(decoded.frame))

    def _is_damage(self, decoded: Decoded) -> bool:
        """Tell whether a gap before this is damage: files are read ahead, so any complaint before may be about it."""
        return decoded.is_after_damage or decoded.complaints > self.known

    def flush(self) -> None:
        """Write what was gathered."""
        self._write(self.gatherer.flush())

    def finish(self) -> None:
        """Write all that is left."""
        for piece in self.timeline.finish():
            self.take(piece)
        self.flush()
        self.mono_lane.do(self.mono.finish)
        if self.copy:
            self.copy_lane.do(self.copy.close)
        self.mono_lane.finish()
        self.copy_lane.finish()

    def stop(self) -> None:
        """Leave nothing running, whether or not it is finished."""
        self.mono_lane.stop()
        self.copy_lane.stop()

    def _write(self, frames: Iterable[AudioFrame]) -> None:
        for frame in frames:
            self.mono_lane.do(self.mono.write, frame)
            if self.copy:
                self.copy_lane.do(self.copy.write, frame)


def run_for(source: Source, mono: Mono, copy: Copy | None = None) -> Run:
    """Return the run of a track that is about to be decoded into these outputs."""
    lanes = Lane() if mono.encoder else Inline(), Lane() if copy else Inline()
    return Run(mono, copy, Timeline(source.limit_s, _is_quiet), *lanes, base=mono.samples, known=source.complaints())


def decode(source: Source, runs: Mapping[int, Run]) -> None:
    """Decode the tracks at these ordinals, all parts of the file in order. Raises a MediaError."""
    try:
        _decode_parts(source, runs)
        for run in runs.values():
            run.finish()
    finally:
        for run in runs.values():
            run.stop()


def _decode_parts(source: Source, runs: Mapping[int, Run]) -> None:
    for part in source.parts:
        with opened(source.path, part) as container:
            last = len(container.streams.audio) - 1
            if last < 0:
                continue
            mine = {min(ordinal, last): run for ordinal, run in runs.items()}
            for run in mine.values():
                run.timeline.begin_part()
            _decode_part(source, Reader(container, list(mine), source.complaints), mine)


def _decode_part(source: Source, reader: Reader, runs: Mapping[int, Run]) -> None:
    for decoded in reader.frames():
        if decoded.frame.sample_rate < LOWEST_RATE:
            raise errors.RateTooLow
        run = runs[decoded.ordinal]
        for piece in run.timeline.place(decoded, decoded.at_s, decoded.length_s):
            run.take(piece)
        source.progress(run.timeline.position_s)
    for ordinal, run in runs.items():
        run.lost_s += reader.failed_s[ordinal]
        run.failures += reader.failures


def _is_quiet(decoded: Decoded) -> bool:
    converter = Converter(rate=RATE, layout="mono", format="s16")
    frames = [*converter.convert(decoded.frame), *converter.flush()]
    samples = array("h", b"".join(bytes(frame.planes[0]) for frame in frames))
    return max(max(samples, default=0), -min(samples, default=0)) < QUIET
