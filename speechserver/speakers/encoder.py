"""The speaker encoder: a stretch of speech in, a unit vector out; similar voices have similar vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from speechserver.speakers.weights import Layer, Weights

SIZE = 256
# Enough to keep the matrix product busy, few enough that its intermediate values fit the processor's cache
BATCH = 64


class Encoder:
    """Three LSTM layers, a projection, ReLU, unit length."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def embed(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a row for each window of mel frames: (windows, frames, bands) to (windows, SIZE)."""
        parts = [self._embed_batch(windows[at : at + BATCH]) for at in range(0, len(windows), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, SIZE), np.float32)

    def _embed_batch(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        # Frames first: each step of the recurrence then reads and writes one contiguous block.
        values = np.ascontiguousarray(windows.transpose(1, 0, 2))
        for layer in self._weights.layers:
            values = _run_layer(layer, values)
        projected = np.maximum(values[-1] @ self._weights.projection + self._weights.projection_bias, 0.0)
        lengths = np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-9)
        return np.asarray(projected / lengths, dtype=np.float32)


def _run_layer(layer: Layer, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the hidden state after each frame."""
    frames, windows, _ = values.shape
    gates = (values.reshape(frames * windows, -1) @ layer.from_input + layer.bias).reshape(frames, windows, 4 * SIZE)
    hidden, cell = np.zeros((2, windows, SIZE), np.float32)
    states = np.empty((frames, windows, SIZE), np.float32)
    for at in range(frames):
        step = gates[at]
        step += hidden @ layer.from_state
        cell, hidden = _step(step, cell)
        states[at] = hidden
    return states


def _step(gates: NDArray[np.float32], cell: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the next cell and hidden state. The logistic function is written with tanh, which can't overflow."""
    gates[:, : 2 * SIZE] *= 0.5
    gates[:, 3 * SIZE :] *= 0.5
    np.tanh(gates, out=gates)
    admit, keep, new, show = np.split(gates, 4, axis=1)
    following = np.asarray(0.5 * ((keep + 1.0) * cell + (admit + 1.0) * new), dtype=np.float32)
    return following, np.asarray(0.5 * (show + 1.0) * np.tanh(following), dtype=np.float32)
