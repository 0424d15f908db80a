"""Find how many voices there are, and the mean embedding of each.

Units are clustered finely first. Clusters are then reassigned and merged until each is a voice of its own, by a measure
that noise and a telephone's band hardly move: the similarity between two clusters as a share of the similarity within
them. Halves of one voice nearly always have 0.88 of it, two voices 0.4 to 0.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from speechserver.speakers.linkage import average_linkage
from speechserver.speakers.smoothing import smooth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from speechserver.speakers.units import Units

# Units of one voice are similar by 0.76 on average, with a deviation of 0.065: finer clusters than voices
FINE = 0.68
# Above this share of their own similarity, two clusters are one voice. A second speaker who isn't there is worse than
# one who is missed, so it leaves some alike voices together.
ONE_VOICE = 0.885
# A few seconds of one voice can differ from the rest as much as another voice does, by a laugh or a change of tone. So
# the less there is of a voice, the more it must differ: this is added to the share for each second it is shorter.
SURE_S = 6.0
DOUBT = 0.04
# A voice with less speech than this can't be distinguished from a laugh or a cough
LEAST_S = 2.0
# The similarity within a voice, where a cluster is too short to show its own; it counts as much as this many seconds
USUAL = 0.76
USUAL_S = 4.0
FULL_S = 1.6
LEAST_WEIGHT = 0.2
# Units that are compared with each other: more would take quadratic time and memory, and add nothing
SAMPLE = 1600
WITHIN_SAMPLE = 300
ROUNDS = 3


def weights_of(bounds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return how much each unit counts: short ones say less about a voice."""
    return np.clip((bounds[:, 1] - bounds[:, 0]) / FULL_S, LEAST_WEIGHT, 1.0).astype(np.float32)


def find_voices(units: Units, expected: int | None) -> NDArray[np.float32]:
    """Return the mean direction of each voice, a row each.

    With `expected`, there are as many as that, or as the units allow.
    """
    bounds = units.bounds
    chosen = np.unique(np.linspace(0, len(bounds) - 1, min(len(bounds), SAMPLE)).astype(int))
    return _Clusters(units.take(chosen), bounds[chosen], expected).voices()


class _Clusters:
    def __init__(self, points: NDArray[np.float32], bounds: NDArray[np.float64], expected: int | None) -> None:
        self._points, self._bounds = points, bounds
        self._weights = weights_of(bounds)
        self._expected = min(expected or 0, len(points))

    def voices(self) -> NDArray[np.float32]:
        """Merge or drop one cluster at a time until none is superfluous."""
        labels = average_linkage(self._points, self._weights, least=FINE, clusters=max(1, self._expected))
        centres = self._centres(labels, self._large(labels))
        while len(centres) > max(1, self._expected):
            centres, labels = self._settled(centres)
            reduced = self._reduced(centres, labels)
            if len(reduced) == len(centres):
                break
            centres = reduced
        return centres

    def _large(self, labels: NDArray[np.int64]) -> list[int]:
        """Return the clusters that may be voices, at least as many as are expected, the longest first."""
        seconds = self._seconds(labels, labels.max() + 1)
        order: list[int] = np.argsort(-seconds, kind="stable").tolist()
        return order[: max(1, self._expected, int((seconds >= LEAST_S).sum()))]

    def _centres(self, labels: NDArray[np.int64], kept: Sequence[int]) -> NDArray[np.float32]:
        sums = [(self._points * self._weights[:, None])[labels == label].sum(axis=0) for label in kept]
        return np.stack([total / max(float(np.linalg.norm(total)), 1e-9) for total in sums])

    def _settled(self, centres: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give every unit to its centre and move the centres, a few times.

        Clusters left empty are dropped, but not below the expected number: then the labels don't name all centres.
        """
        for _ in range(ROUNDS):
            labels = smooth(self._points @ centres.T, self._weights, self._bounds)
            kept = np.unique(labels)
            if len(kept) < self._expected:
                empty = np.setdiff1d(np.arange(len(centres)), kept)
                return centres[np.concatenate([kept, empty])[: self._expected]], labels
            centres, labels = self._centres(labels, kept.tolist()), np.searchsorted(kept, labels)
        return centres, labels

    def _reduced(self, centres: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the centres without the one that is superfluous, if one is."""
        if len(centres) <= max(1, self._expected):
            return centres
        seconds = self._seconds(labels, len(centres))
        shares = self._shares(labels, seconds)
        kept, merged = np.unravel_index(shares.argmax(), shares.shape)
        if self._expected or shares[kept, merged] > ONE_VOICE:
            together = np.where(labels == merged, kept, labels)
            return self._centres(together, np.unique(together).tolist())
        shortest = int(seconds.argmin())
        return np.delete(centres, shortest, axis=0) if seconds[shortest] < LEAST_S else centres

    def _shares(self, labels: NDArray[np.int64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return, for each pair of clusters, the similarity between them as a share of that within them."""
        members = [np.flatnonzero(labels == label) for label in range(len(seconds))]
        means = np.stack([np.average(self._points[own], axis=0, weights=self._weights[own]) for own in members])
        within = np.array([self._within(own) for own in members])
        trust = np.where(np.isnan(within), 0.0, seconds / (seconds + USUAL_S))
        within = trust * np.nan_to_num(within) + (1 - trust) * USUAL
        shares = means @ means.T / ((within[:, None] + within[None, :]) / 2)
        shares += DOUBT * np.maximum(0.0, SURE_S - np.minimum(seconds[:, None], seconds[None, :]))
        np.fill_diagonal(shares, -1.0)
        return np.asarray(shares, dtype=np.float64)

    def _within(self, members: NDArray[np.int64]) -> float:
        """Return the mean similarity of units that share no audio; NaN if there are none."""
        some = members[np.linspace(0, len(members) - 1, min(len(members), WITHIN_SAMPLE)).astype(int)]
        starts, ends = self._bounds[some].T
        apart = (starts[:, None] >= ends) | (starts >= ends[:, None])
        similar = self._points[some] @ self._points[some].T
        return float(similar[apart].mean()) if apart.any() else float("nan")

    def _seconds(self, labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
        return np.array([_covered(self._bounds[labels == label]) for label in range(count)])


def _covered(bounds: NDArray[np.float64]) -> float:
    """Return the seconds of audio in units that overlap, in order of time."""
    following = np.concatenate([bounds[1:, 0], [np.inf]])
    return float(np.sum(np.minimum(bounds[:, 1], following) - bounds[:, 0]))
