"""Agglomerative clustering with average linkage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = np.float32(-9.0)


def average_linkage(
    points: NDArray[np.float32], weights: NDArray[np.float32], *, least: float, clusters: int
) -> NDArray[np.int64]:
    """Merge the two most similar clusters until their similarity is below `least`; return a label for each point.

    Similarity is the weighted mean of the dot products between the members of two clusters, which is the dot product
    of their means. Stops before fewer than `clusters` are left. Takes time and memory of the square of the points.
    """
    tree = _Tree(points, weights)
    while tree.count > clusters:
        target, merged, similarity = tree.closest()
        if similarity < least:
            break
        tree.merge(target, merged)
    return np.unique(tree.labels, return_inverse=True)[1]


class _Tree:
    """The clusters, each identified by its first point, with its nearest neighbour cached."""

    def __init__(self, points: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        self.count = len(points)
        self.labels = np.arange(len(points))
        self._weights = weights.copy()
        self._similar = points @ points.T
        np.fill_diagonal(self._similar, NEVER)
        self._nearest = self._similar.argmax(axis=1)
        self._alive: NDArray[np.bool_] = np.ones(len(points), dtype=bool)

    def closest(self) -> tuple[int, int, float]:
        """Return the two most similar clusters and their similarity."""
        values = np.where(self._alive, self._similar[np.arange(len(self._nearest)), self._nearest], NEVER)
        target = int(values.argmax())
        return target, int(self._nearest[target]), float(values[target])

    def merge(self, target: int, merged: int) -> None:
        """Merge the cluster `merged` into `target`."""
        self.labels[self.labels == merged] = target
        self._alive[merged] = False
        self.count -= 1
        share = self._weights[target] / (self._weights[target] + self._weights[merged])
        row = share * self._similar[target] + (1 - share) * self._similar[merged]
        self._weights[target] += self._weights[merged]
        row[~self._alive] = row[target] = NEVER
        self._similar[merged] = self._similar[:, merged] = NEVER
        self._similar[target] = self._similar[:, target] = row
        # With average linkage a merged cluster is never nearer to a third than both its parts were.
        stale = np.flatnonzero(np.isin(self._nearest, (target, merged)) & self._alive)
        for at in {*stale.tolist(), target}:
            self._nearest[at] = self._similar[at].argmax()
