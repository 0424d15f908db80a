"""Write audio files: frames and silence go in, one after the other."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING

import av
from av.audio.frame import AudioFrame

if TYPE_CHECKING:
    from pathlib import Path

BLOCK, SAMPLE_BYTES = 16_384, 2


class Encoder:
    """One output file. `samples` is how much was written, `digest` what, for samples of 16 bits."""

    def __init__(self, path: Path, codec: str, *, rate: int, layout: str, bit_rate: int = 0) -> None:
        self.rate, self.samples, self.digest = rate, 0, hashlib.sha256()
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"} if codec == "aac" else {})
        self._stream = self._container.add_stream(codec, rate=rate, layout=layout)
        if bit_rate:
            self._stream.bit_rate = bit_rate
        else:
            self._stream.format = "s16"

    def write(self, frame: AudioFrame) -> None:
        """Write a frame that has the file's rate."""
        frame.pts, frame.time_base = self.samples, Fraction(1, self.rate)
        self.samples += frame.samples
        self._digest(frame)
        self._container.mux(self._stream.encode(frame))

    def _digest(self, frame: AudioFrame) -> None:
        # Of the samples and not of the file, which another release of the encoder or other tags would change
        if frame.format.name == "s16":
            self.digest.update(memoryview(frame.planes[0])[: frame.samples * frame.layout.nb_channels * SAMPLE_BYTES])

    def close(self) -> None:
        """Finish the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()


def silence(samples: int, *, rate: int, format: str, layout: str) -> list[AudioFrame]:
    """Return so many samples of silence, in frames of a bounded size."""
    whole, rest = divmod(samples, BLOCK)
    return [_silent(size, rate, format, layout) for size in [BLOCK] * whole + [rest] if size]


def _silent(samples: int, rate: int, format: str, layout: str) -> AudioFrame:
    frame = AudioFrame(format=format, layout=layout, samples=samples)
    frame.sample_rate = rate
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame
