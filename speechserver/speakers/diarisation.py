"""Diarise one recording: from its audio to speaker turns."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from speechserver.speakers.clusters import find_voices, weights_of
from speechserver.speakers.encoder import Encoder
from speechserver.speakers.smoothing import smooth
from speechserver.speakers.turns import Turn
from speechserver.speakers.units import Units, embed_speech
from speechserver.speakers.weights import load_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# Pauses within a turn
BRIDGED_S = 1.0


class Voices:
    """The voices of one recording, which is added piece by piece in order of time.

    Holds no audio: 24 hours of speech take 90 MB. Raises WeightsError if the encoder's weights can't be used.
    """

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder or Encoder(load_weights())
        self._units = Units()
        self._speech: list[tuple[float, float]] = []

    def add(self, samples: NDArray[np.float32], start_s: float, speech: Sequence[tuple[float, float]]) -> None:
        """Take a piece of the recording: 16 kHz, mono, -1 to 1, from `start_s`, of up to a minute.

        `speech` are the spans of it in which someone talks, in seconds of the recording. Spans that end at every
        pause of 0.2 s or more give the best results.
        """
        spans = [(start - start_s, end - start_s) for start, end in speech]
        bounds, embeddings = embed_speech(self._encoder, samples, spans)
        self.hold(speech, bounds + start_s, embeddings)

    def hold(
        self, speech: Sequence[tuple[float, float]], bounds: NDArray[np.float64], embeddings: NDArray[np.float32]
    ) -> None:
        """Take what is known of the next piece: its spans of speech, and its units with their embeddings."""
        self._speech.extend(speech)
        self._units.add(bounds, embeddings)

    def turns(self, expected: int | None = None) -> list[Turn]:
        """Return who talks when; nothing if there is one speaker, or no telling them apart.

        With `expected` there are as many speakers as that, or as there are stretches of speech to compare.
        """
        bounds = self._units.bounds
        if expected == 1 or len(bounds) < 2:
            return []
        similarity = self._units.similarity(find_voices(self._units, expected))
        labels = smooth(similarity, weights_of(bounds), bounds)
        if expected:
            labels = _with_every_voice(labels, similarity)
        return _numbered(list(_joined(_stretches(self._speech, bounds, labels))))


def _with_every_voice(labels: NDArray[np.int64], similarity: NDArray[np.float32]) -> NDArray[np.int64]:
    """Give a voice that was smoothed away the unit that is most like it, so that as many talk as are expected."""
    voices = similarity.shape[1]
    for missing in set(range(voices)) - set(labels.tolist()):
        spare = np.bincount(labels, minlength=voices)[labels] > 1
        labels[np.where(spare, similarity[:, missing], -1.0).argmax()] = missing
    return labels


def _stretches(
    speech: Sequence[tuple[float, float]], bounds: NDArray[np.float64], labels: NDArray[np.int64]
) -> Iterator[tuple[float, float, int]]:
    """Yield the speech with its speakers: each moment has the speaker of the unit whose middle is nearest to it."""
    middles = bounds.mean(axis=1)
    changes = np.flatnonzero(np.diff(labels))
    edges = (middles[changes] + middles[changes + 1]) / 2
    speakers = labels[np.concatenate([[0], changes + 1])]
    for start, end in speech:
        first, last = int(np.searchsorted(edges, start)), int(np.searchsorted(edges, end))
        inner = [start, *edges[first:last].tolist(), end]
        for number, (from_s, to_s) in enumerate(itertools.pairwise(inner)):
            yield from_s, to_s, int(speakers[first + number])


def _joined(stretches: Iterator[tuple[float, float, int]]) -> Iterator[tuple[float, float, int]]:
    """Join what one speaker says with short pauses."""
    turn: tuple[float, float, int] | None = None
    for start, end, speaker in stretches:
        if turn and turn[2] == speaker and start - turn[1] < BRIDGED_S:
            turn = (turn[0], end, speaker)
            continue
        if turn:
            yield turn
        turn = (start, end, speaker)
    if turn:
        yield turn


def _numbered(turns: list[tuple[float, float, int]]) -> list[Turn]:
    numbers: dict[int, int] = {}
    for *_, speaker in turns:
        numbers.setdefault(speaker, len(numbers) + 1)
    return [Turn(start, end, numbers[speaker]) for start, end, speaker in turns] if len(numbers) > 1 else []
