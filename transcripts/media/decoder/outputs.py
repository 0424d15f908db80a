"""What is written while a track is decoded: audio for providers, the waveform, levels, a copy for browsers."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from transcripts.media import errors
from transcripts.media.decoder.encoding import Encoder, silence
from transcripts.media.decoder.levels import Levels
from transcripts.media.decoder.mixing import Converter, Mix
from transcripts.media.peaks import RATE_HZ, Peaks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from av.audio.frame import AudioFrame

RATE = 16_000
PLAYBACK_RATES, PLAYBACK_BITS = (16_000, 24_000, 44_100, 48_000), 96_000


class Mono:
    """A track as 16 kHz mono: encoded, drawn as a waveform and measured. `samples` is its length."""

    def __init__(self, encoder: Encoder | None, *, mix: Mix, loudest: int, most_samples: int) -> None:
        self.encoder, self.peaks, self.levels = encoder, Peaks(), Levels()
        self.mix, self.most_samples = mix, most_samples
        self.samples = encoder.samples if encoder else 0
        self._odd = 0
        self._mono = Converter(rate=RATE, layout="mono", format="s16", mix=mix, loudest=loudest)
        self._apart = Converter(rate=RATE, layout="", format="s16")

    def write(self, frame: AudioFrame) -> None:
        """Write a stretch of audio."""
        apart = self._apart.convert(frame) if frame.layout.nb_channels > 1 else iter(())
        self._keep(self._mono.convert(frame), _planes(apart))

    def pad(self, samples: int) -> None:
        """Write silence up to so many samples."""
        self.flush()
        missing = samples - self.samples
        if missing > 0:
            self.levels.silence(missing / RATE)
            for frame in silence(missing, rate=RATE, format="s16", layout="mono"):
                self._write(frame)

    def flush(self) -> None:
        """Write what the converters still hold."""
        self._keep(self._mono.flush(), _planes(self._apart.flush()))

    def finish(self) -> None:
        """Write what is left, and close the file's own measures."""
        self.flush()
        self.levels.finish()

    def _keep(self, frames: Iterable[AudioFrame], apart: list[array[int]]) -> None:
        mixed = array("h")
        for frame in frames:
            mixed.extend(self._write(frame))
        self.levels.feed(mixed, apart)

    def _write(self, frame: AudioFrame) -> array[int]:
        samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])
        self.samples += frame.samples
        if self.samples > self.most_samples:
            raise errors.TooLong
        # The waveform needs every second sample
        self.peaks.feed(samples[self._odd :: RATE // RATE_HZ].tobytes())
        self._odd = (self._odd - frame.samples) % (RATE // RATE_HZ)
        if self.encoder is not None:
            self.encoder.write(frame)
        return samples


class Copy:
    """A track as browsers play it."""

    def __init__(self, path: Path, *, source_rate: int) -> None:
        rate = next((rate for rate in PLAYBACK_RATES if rate >= source_rate), PLAYBACK_RATES[-1])
        self._encoder = Encoder(path, "aac", rate=rate, layout="stereo", bit_rate=PLAYBACK_BITS)
        self._stereo = Converter(rate=rate, layout="stereo", format="fltp")

    def write(self, frame: AudioFrame) -> None:
        """Write a stretch of audio."""
        self._encode(self._stereo.convert(frame))

    def pad(self, seconds: float) -> None:
        """Write silence up to this time."""
        self.flush()
        rate = self._encoder.rate
        missing = max(0, round(seconds * rate) - self._encoder.samples)
        self._encode(silence(missing, rate=rate, format="fltp", layout="stereo"))

    def flush(self) -> None:
        """Write what the converter still holds."""
        self._encode(self._stereo.flush())

    def close(self) -> None:
        """Finish the file."""
        self.flush()
        self._encoder.close()

    def _encode(self, frames: Iterable[AudioFrame]) -> None:
        for frame in frames:
            self._encoder.write(frame)


def _planes(frames: Iterable[AudioFrame]) -> list[array[int]]:
    """Return the samples of each channel, empty for mono."""
    planes: list[array[int]] = []
    for frame in frames:
        channels = frame.layout.nb_channels
        planes = planes or [array("h") for _ in range(channels)]
        samples = array("h", bytes(frame.planes[0])[: frame.samples * 2 * channels])
        for number, plane in enumerate(planes):
            plane.extend(samples[number::channels])
    return planes
