"""Units: the short stretches of speech whose voices are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from speechserver.speakers.encoder import SIZE
from speechserver.speakers.spectrum import BANDS, HOP, RATE_HZ, mel_frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from speechserver.speakers.encoder import Encoder

FRAMES_A_S = RATE_HZ // HOP
# The length that the encoder was trained on
WINDOW_FRAMES = 160
STEP_FRAMES = 50
# Voices can't be distinguished in less than this
SHORTEST_FRAMES = 30
# A rest of a span shorter than this is covered well enough by the window before it
REST_FRAMES = 10
# The encoder reads power, not its logarithm, and so expects one level: -27 dBFS separated voices best
LEVEL = 10 ** (-27 / 10)
SILENCE = 1e-10
# What is this much weaker than the loud parts of its span, for so long, is a pause in it. Windows of pauses resemble
# each other, not the people who talk around them, and would pass for another speaker.
PAUSE_LEVEL = 10 ** (-25 / 10)
PAUSE_FRAMES = 25
BLUR_FRAMES = 15


class Units:
    """Units of one recording in order of time: their bounds and their embeddings.

    Embeddings are stored in half precision: 24 hours of speech take 90 MB.
    """

    def __init__(self) -> None:
        self._bounds: list[NDArray[np.float64]] = []
        self._embeddings: list[NDArray[np.float16]] = []

    def add(self, bounds: NDArray[np.float64], embeddings: NDArray[np.float32]) -> None:
        """Append units: rows of start and end in seconds, and as many embeddings."""
        if len(bounds):
            self._bounds.append(bounds)
            self._embeddings.append(embeddings.astype(np.float16))

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Start and end of each unit in seconds."""
        return np.concatenate(self._bounds) if self._bounds else np.zeros((0, 2))

    def take(self, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of the chosen units, numbered from 0 in rising order."""
        ends = np.cumsum([len(piece) for piece in self._embeddings])
        parts = np.split(chosen, np.searchsorted(chosen, ends[:-1]))
        pieces = zip(self._embeddings, ends, parts, strict=True)
        return np.concatenate([piece[part - (end - len(piece))] for piece, end, part in pieces]).astype(np.float32)

    def similarity(self, centres: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the similarity of each unit, a row each, to each centre."""
        return np.concatenate([piece.astype(np.float32) @ centres.T for piece in self._embeddings])


def embed_speech(
    encoder: Encoder, samples: NDArray[np.float32], speech: Sequence[tuple[float, float]]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return the units of the spans of `speech`: bounds in seconds from the first sample, and embeddings."""
    frames = mel_frames(samples)
    power = _power(samples)
    spans = [part for span in speech for part in without_pauses(power, *_in_frames(span, len(frames)))]
    stretches = [stretch for span in spans for stretch in windows_of(*span)]
    if not stretches:
        return np.zeros((0, 2)), np.zeros((0, SIZE), np.float32)
    windows = np.stack([_window(frames, samples, *stretch) for stretch in stretches])
    return np.array(stretches) / FRAMES_A_S, encoder.embed(windows)


def _in_frames(span: tuple[float, float], frames: int) -> tuple[int, int]:
    start, end = (min(frames, max(0, round(second * FRAMES_A_S))) for second in span)
    return start, end


def _power(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean power around each frame."""
    hops = np.pad(np.square(samples), (0, -len(samples) % HOP + HOP)).reshape(-1, HOP).mean(axis=1)
    return np.convolve(hops, np.full(BLUR_FRAMES, 1 / BLUR_FRAMES, np.float32), mode="same")


def without_pauses(power: NDArray[np.float32], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a span, in frames, between its long pauses."""
    own = power[start:end]
    if not len(own):
        return
    quiet = own < np.quantile(own, 0.9) * PAUSE_LEVEL
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    at = 0
    for pause, resumed in edges.reshape(-1, 2).tolist():
        if resumed - pause >= PAUSE_FRAMES:
            yield start + at, start + pause
            at = resumed
    yield start + at, end


def windows_of(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the windows of a span, in frames: one each half second, and one that ends with the span."""
    if end - start <= WINDOW_FRAMES:
        if end - start >= SHORTEST_FRAMES:
            yield start, end
        return
    for at in range(start, end - WINDOW_FRAMES + 1, STEP_FRAMES):
        yield at, at + WINDOW_FRAMES
    if end - (at + WINDOW_FRAMES) > REST_FRAMES:
        yield end - WINDOW_FRAMES, end


def _window(frames: NDArray[np.float32], samples: NDArray[np.float32], start: int, end: int) -> NDArray[np.float32]:
    """Return a window at the usual level, a short one repeated: the encoder recognises little in fewer frames."""
    power = float(np.mean(np.square(samples[start * HOP : end * HOP], dtype=np.float32)))
    window = np.resize(frames[start:end], (WINDOW_FRAMES, BANDS)) * np.float32(LEVEL / max(SILENCE, power))
    return window.astype(np.float32, copy=False)
