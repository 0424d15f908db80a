"""Which language is spoken where, if no one said.

Whisper decides on the first seconds of what it is shown, and in the wrong language it translates. So the language is
asked of short pieces: together they tell what the recording speaks, and a piece that is sure of another language is
transcribed in that one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from speechserver.recogniser.whisper import HALF_HOLDS_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

# How sure the pieces must be together before the first words are transcribed, and how many windows wait for it at most
SURE = 0.6
MOST_WAITING = 3
# A piece speaks another language if it is this sure, the language around it is this improbable, and it is this long
PIECE_SURE, PIECE_NOT, PIECE_S = 0.9, 0.05, 2.0
# After so much speech what was said before counts half
HALF_LIFE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int  # the number of its first span in the window
    speech_s: float
    odds: Mapping[str, float]


@dataclass(slots=True)
class Languages:
    """Follows one recording. `named` is the language that the client named; empty: detect.

    At most `most_waiting` windows are held back until it is certain.
    """

    whisper: Whisper
    named: str = ""
    most_waiting: int = MOST_WAITING
    _weights: dict[str, float] = field(default_factory=dict)
    _waiting: list[tuple[Window, list[_Piece]]] = field(default_factory=list)
    _seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _certainty: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def tell(self, window: Window) -> Iterator[tuple[str, Window]]:
        """Give windows in order, each with its language, once that can be told; a mixed one is given in parts."""
        if self.named:
            yield self.named, window
            return
        self._waiting.append((window, [self._ask(window, *place) for place in window.groups(HALF_HOLDS_S)]))
        if self._seconds or self._is_sure() or len(self._waiting) >= self.most_waiting:
            yield from self.finish()

    def finish(self) -> Iterator[tuple[str, Window]]:
        """Give what waits."""
        waiting, self._waiting = self._waiting, []
        for window, pieces in waiting:
            yield from self._parts(window, pieces)

    @property
    def is_waiting(self) -> bool:
        """Return whether windows are held back."""
        return bool(self._waiting)

    def main(self) -> tuple[str, float | None]:
        """Return the language of most of the speech and its probability, which is None if it was named."""
        if self.named or not self._seconds:
            return self.named, None
        language = max(self._seconds, key=self._seconds.__getitem__)
        return language, self._certainty[language] / self._seconds[language]

    def _ask(self, window: Window, first: int, end: int) -> _Piece:
        part = window.part(first, end)
        odds = self.whisper.detect(part.samples)
        self._weigh(part.speech_s, odds)
        return _Piece(first, part.speech_s, odds)

    def _weigh(self, speech_s: float, odds: Mapping[str, float]) -> None:
        fading = 0.5 ** (speech_s / HALF_LIFE_S)
        # Made anew, for another thread may be reading
        self._weights = {
            language: self._weights.get(language, 0.0) * fading + speech_s * odds.get(language, 0.0)
            for language in set(self._weights) | set(odds)
        }

    def likely(self) -> str:
        """Return the language that is spoken now, as far as is known; empty before anything was heard."""
        return self.named or max(self._weights, key=self._weights.__getitem__, default="")

    def _is_sure(self) -> bool:
        return self._weights[self.likely()] >= SURE * sum(self._weights.values())

    def _parts(self, window: Window, pieces: list[_Piece]) -> Iterator[tuple[str, Window]]:
        around = self.likely()
        spoken = [(self._of(piece, around), piece.first) for piece in pieces]
        runs = [next(run) for _, run in groupby(spoken, key=itemgetter(0))]
        ends = [first for _, first in runs[1:]] + [len(window.speech)]
        for (language, first), end in zip(runs, ends, strict=True):
            yield language, window.part(first, end)

    def _of(self, piece: _Piece, around: str) -> str:
        best = max(piece.odds, key=piece.odds.__getitem__)
        is_other = piece.odds[best] >= PIECE_SURE and piece.odds.get(around, 0.0) <= PIECE_NOT
        language = best if is_other and piece.speech_s >= PIECE_S else around
        self._seconds[language] += piece.speech_s
        self._certainty[language] += piece.speech_s * piece.odds.get(language, 0.0)
        return language
