"""The waveform: the loudest sample of each of a few thousand stretches."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Samples a second of the audio handed in: enough for a picture, half the work of 16 kHz.
RATE_HZ = 8000
MOST = 4000
SAMPLES_A_PEAK = RATE_HZ // 20


class Peaks:
    """Collects peaks from 16-bit mono audio at `RATE_HZ` as it streams by, in memory that stays flat.

    It begins with a peak for each 50 ms and halves the resolution whenever there would be more than twice `MOST`.
    """

    def __init__(self) -> None:
        self.samples = 0
        self._stretch = SAMPLES_A_PEAK
        self._values: list[int] = []
        self._rest = array("h")

    @property
    def duration_ms(self) -> int:
        """The length of what was taken, in milliseconds."""
        return self.samples * 1000 // RATE_HZ

    def feed(self, sound: bytes) -> None:
        """Take the next bytes: little-endian 16-bit samples, a whole number of them."""
        self._rest.frombytes(sound)
        self.samples += len(sound) // 2
        whole = len(self._rest) - len(self._rest) % self._stretch
        for start in range(0, whole, self._stretch):
            self._values.append(_loudest(self._rest[start : start + self._stretch]))
        del self._rest[:whole]
        if len(self._values) >= 2 * MOST:
            self.coarsen(2 * self._stretch)

    def join(self, shorter: Peaks) -> None:
        """Add the peaks of audio that is played together with this and is not longer."""
        shorter.coarsen(self._stretch)
        for at, value in enumerate(shorter.values()[: len(self._values)]):
            self._values[at] = max(self._values[at], value)

    def coarsen(self, stretch: int) -> None:
        """Halve the resolution until a peak covers so many samples."""
        while self._stretch < stretch:
            self._values = [max(pair) for pair in zip(self._values[::2], self._values[1::2], strict=False)]
            self._stretch *= 2

    def values(self) -> list[int]:
        """Return the peaks, that of the last stretch included."""
        return self._values + ([_loudest(self._rest)] if self._rest else [])

    def as_json(self) -> bytes:
        """Return {"duration_ms", "peaks"}: each peak from 0 to 255."""
        values = [value >> 7 for value in self.values()]
        return json.dumps({"duration_ms": self.duration_ms, "peaks": values}, separators=(",", ":")).encode()


def merged(tracks: Sequence[Peaks]) -> Peaks:
    """Return the waveform of tracks that are played at one time."""
    whole = max(tracks, key=lambda peaks: peaks.samples)
    for peaks in tracks:
        if peaks is not whole:
            whole.join(peaks)
    return whole


def _loudest(samples: array[int]) -> int:
    return min(max(max(samples), -min(samples)), 32767)
