"""Smooth the labels of consecutive units: the speaker changes only if the voice clearly does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Scores of a change of speaker, in units of similarity: in the middle of speech, and after a pause
CHANGE = 0.2
CHANGE_AFTER_PAUSE = 0.06
PAUSE_S = 0.25


def smooth(
    similarity: NDArray[np.float32], weights: NDArray[np.float32], bounds: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the most likely speaker of each unit, given its similarity to each speaker (Viterbi's algorithm)."""
    pauses = np.concatenate([[0.0], bounds[1:, 0] - bounds[:-1, 1]])
    costs = np.where(pauses > PAUSE_S, CHANGE_AFTER_PAUSE, CHANGE)
    scores = similarity * weights[:, None]
    units, speakers = scores.shape
    own = np.arange(speakers)
    came_from = np.zeros((units, speakers), dtype=np.int64)
    best = np.zeros(speakers)
    for at in range(units):
        leader = best.argmax()
        change = best[leader] - costs[at]
        came_from[at] = np.where(best >= change, own, leader)
        best = np.maximum(best, change) + scores[at]
    return _trace(came_from, int(best.argmax()))


def _trace(came_from: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    path: NDArray[np.int64] = np.empty(len(came_from), dtype=np.int64)
    for at in range(len(came_from) - 1, -1, -1):
        path[at] = last
        last = int(came_from[at, last])
    return path
