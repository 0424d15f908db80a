"""Detect the language of each part of a recording, if the client named none.

Whisper decides on the first seconds of its input, and in the wrong language it translates. So the language is detected
in short pieces: together they give the language of the recording, and a piece that is certainly in another language is
transcribed in that one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from speechserver.recogniser.whisper import HALF_CONTEXT_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

# How certain the pieces must be together before the first words are transcribed, and how many windows wait for it
MIN_CERTAINTY = 0.6
MAX_WAITING = 3
# A piece is in another language if that is this probable, the language around it this improbable, and it is this long
OTHER_MIN, AROUND_MAX, OTHER_S = 0.9, 0.05, 2.0
# After so much more speech, a piece counts half
HALF_LIFE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int  # the number of its first span in the window
    speech_s: float
    probabilities: Mapping[str, float]


@dataclass(slots=True)
class LanguageDetector:
    """Detects the language of one recording; `named` is the one that the client named, empty to detect it.

    At most `max_waiting` windows are held back until it is certain.
    """

    whisper: Whisper
    named: str = ""
    max_waiting: int = MAX_WAITING
    _weights: dict[str, float] = field(default_factory=dict)
    _waiting: list[tuple[Window, list[_Piece]]] = field(default_factory=list)
    _seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _certainty: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def assign(self, window: Window) -> Iterator[tuple[str, Window]]:
        """Yield windows in order, each with its language, once that is certain; a mixed one is yielded in parts."""
        if self.named:
            yield self.named, window
            return
        self._waiting.append((window, [self._detect(window, *group) for group in window.groups(HALF_CONTEXT_S)]))
        if self._seconds or self._is_certain() or len(self._waiting) >= self.max_waiting:
            yield from self.finish()

    def finish(self) -> Iterator[tuple[str, Window]]:
        """Yield the windows that are held back."""
        waiting, self._waiting = self._waiting, []
        for window, pieces in waiting:
            yield from self._parts(window, pieces)

    @property
    def is_waiting(self) -> bool:
        """Return whether windows are held back."""
        return bool(self._waiting)

    def overall(self) -> tuple[str, float | None]:
        """Return the language of most of the speech and its probability, which is None if it was named."""
        if self.named or not self._seconds:
            return self.named, None
        language = max(self._seconds, key=self._seconds.__getitem__)
        return language, self._certainty[language] / self._seconds[language]

    def _detect(self, window: Window, first: int, end: int) -> _Piece:
        part = window.part(first, end)
        probabilities = self.whisper.detect(part.samples)
        self._weigh(part.speech_s, probabilities)
        return _Piece(first, part.speech_s, probabilities)

    def _weigh(self, speech_s: float, probabilities: Mapping[str, float]) -> None:
        decay = 0.5 ** (speech_s / HALF_LIFE_S)
        # A new dictionary, because another thread may be reading the old one
        self._weights = {
            language: self._weights.get(language, 0.0) * decay + speech_s * probabilities.get(language, 0.0)
            for language in set(self._weights) | set(probabilities)
        }

    def current(self) -> str:
        """Return the language that is probably spoken now; empty before the first piece."""
        return self.named or max(self._weights, key=self._weights.__getitem__, default="")

    def _is_certain(self) -> bool:
        return self._weights[self.current()] >= MIN_CERTAINTY * sum(self._weights.values())

    def _parts(self, window: Window, pieces: list[_Piece]) -> Iterator[tuple[str, Window]]:
        around = self.current()
        languages = [(self._language_of(piece, around), piece.first) for piece in pieces]
        runs = [next(run) for _, run in groupby(languages, key=itemgetter(0))]
        ends = [first for _, first in runs[1:]] + [len(window.speech)]
        for (language, first), end in zip(runs, ends, strict=True):
            yield language, window.part(first, end)

    def _language_of(self, piece: _Piece, around: str) -> str:
        best = max(piece.probabilities, key=piece.probabilities.__getitem__)
        is_other = piece.probabilities[best] >= OTHER_MIN and piece.probabilities.get(around, 0.0) <= AROUND_MAX
        language = best if is_other and piece.speech_s >= OTHER_S else around
        self._seconds[language] += piece.speech_s
        self._certainty[language] += piece.speech_s * piece.probabilities.get(language, 0.0)
        return language
