"""Mel power spectra as the speaker encoder was trained on them.

Equal to librosa's `melspectrogram(n_fft=400, hop_length=160, n_mels=40)` at 16 kHz: periodic Hann window, frames
centred on their time, zeros beyond the ends, Slaney's mel scale and area normalisation, power and not its logarithm.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 16_000
WINDOW = 400
HOP = 160
BANDS = 40
# Slaney's scale: linear below 1 kHz, logarithmic above
LINEAR_HZ = 200 / 3
KNEE_HZ = 1000.0
KNEE_MEL = KNEE_HZ / LINEAR_HZ
LOG_STEP = np.log(6.4) / 27.0


def mel_frames(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one row of band powers for each 10 ms, the first centred on the first sample."""
    padded = np.pad(samples, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * _window(), axis=1)) ** 2
    bands: NDArray[np.float32] = power.astype(np.float32) @ mel_filters().T
    return bands


@functools.cache
def _window() -> NDArray[np.float32]:
    return np.hanning(WINDOW + 1)[:-1].astype(np.float32)


@functools.cache
def mel_filters() -> NDArray[np.float32]:
    """Return the triangles, a row a band, each of area 1 over its frequencies."""
    edges = _to_hz(np.linspace(0.0, _to_mel(RATE_HZ / 2), BANDS + 2))
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)
    widths, distances = np.diff(edges), edges[:, None] - bins
    rising, falling = -distances[:-2] / widths[:-1, None], distances[2:] / widths[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return triangles.astype(np.float32)


def _to_mel(hz: float) -> float:
    return float(KNEE_MEL + np.log(hz / KNEE_HZ) / LOG_STEP) if hz >= KNEE_HZ else hz / LINEAR_HZ


def _to_hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mels < KNEE_MEL, mels * LINEAR_HZ, KNEE_HZ * np.exp(LOG_STEP * (mels - KNEE_MEL)))
