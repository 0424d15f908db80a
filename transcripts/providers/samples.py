"""Samples of 16 bits and one channel: at another rate, frame by frame as if they were one piece, and how loud."""

from __future__ import annotations

import warnings
from typing import Any

with warnings.catch_warnings():
    # Python 3.13 has it as a package, audioop-lts
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

BYTES_A_SAMPLE = 2


class Resampler:
    """Interpolates 16-bit samples of one channel; what it knows of the last frame makes the next join it."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._from_hz, self._to_hz = from_hz, to_hz
        self._state: Any = None

    def feed(self, samples: bytes) -> bytes:
        """Return these samples at the other rate."""
        rates = self._from_hz, self._to_hz
        converted, self._state = audioop.ratecv(samples, BYTES_A_SAMPLE, 1, *rates, self._state)
        return converted


def loudness(samples: bytes) -> int:
    """Return the root mean square of samples."""
    return audioop.rms(samples, BYTES_A_SAMPLE)
