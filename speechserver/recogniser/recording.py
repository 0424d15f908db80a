"""A whole recording from samples to segments, in bounded memory."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from speechserver.audio import RATE_HZ
from speechserver.languages import TODAY
from speechserver.recogniser.languages import Languages
from speechserver.recogniser.whisper import Doubt
from speechserver.recogniser.windows import Windows
from speechserver.speakers import Voices, WeightsError, label
from speechserver.speakers.encoder import Encoder
from speechserver.speakers.weights import load_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from speechserver.jobs import Options
    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

log = logging.getLogger("speechserver")

# Enough to halve a window three times
MOST_PASSES = 15
# 16-bit samples
FULL_SCALE = 32768.0


class Transcription:
    """Transcribes one recording. Feed it samples as they are decoded, then finish it.

    `report` is called whenever more of it is done.
    """

    def __init__(self, whisper: Whisper, options: Options, report: Callable[[], None] = lambda: None) -> None:
        self._whisper, self._options, self._report = whisper, options, report
        self._windows = Windows()
        self._languages = Languages(whisper, options.language)
        self._voices = _voices() if options.diarize and options.speakers != 1 else None
        self._passes = ThreadPoolExecutor(whisper.passes)
        self._under_way: deque[tuple[Window, Future[list[dict[str, Any]]]]] = deque()
        self._segments: list[dict[str, Any]] = []
        self._heard = 0
        self._done_s = 0.0

    @property
    def duration_s(self) -> float:
        """Return how much was fed, in seconds."""
        return self._heard / RATE_HZ

    @property
    def share_done(self) -> float:
        """Return how much of what was fed is transcribed, 0 to 1."""
        return self._done_s / self.duration_s if self._heard else 1.0

    def feed(self, samples: bytes) -> None:
        """Take 16-bit little-endian samples at 16 kHz, one channel."""
        pieces = np.frombuffer(samples, np.int16).astype(np.float32) / FULL_SCALE
        self._heard += len(pieces)
        self._hear(self._windows.feed(pieces))
        if not self._under_way and not self._languages.is_waiting:
            pending = self._windows.pending()
            self._done_s = pending[0] if pending else self.duration_s

    def finish(self) -> dict[str, Any]:
        """Return the answer: segments and what is known of the whole."""
        self._hear(self._windows.finish())
        self._begin(self._languages.finish())
        self._collect(0)
        self._passes.shutdown()
        segments = label(self._segments, self._voices.turns(self._options.speakers) if self._voices else [])
        language, probability = self._languages.main()
        return {
            "language": TODAY.get(language, language) or None,
            "language_probability": probability and round(probability, 4),
            "duration": round(self.duration_s, 3),
            "speakers_estimated": any(segment["speaker"] for segment in segments),
            "segments": segments,
        }

    def _hear(self, windows: Iterable[Window]) -> None:
        for window in windows:
            if self._voices:
                self._voices.add(window.samples, window.start_s, window.speech)
            self._begin(self._languages.tell(window))

    def _begin(self, told: Iterable[tuple[str, Window]]) -> None:
        vocabulary = ", ".join(self._options.vocabulary)
        for language, window in told:
            task = self._passes.submit(thoroughly, self._whisper, window, language, vocabulary)
            self._under_way.append((window, task))
            self._collect(2 * self._whisper.passes)

    def _collect(self, left: int) -> None:
        """Take what is done, in order; wait until no more than so many windows are under way."""
        while self._under_way and (len(self._under_way) > left or self._under_way[0][1].done()):
            window, task = self._under_way.popleft()
            self._segments += task.result()
            self._done_s = min(window.end_s, self.duration_s)
            self._report()


def _voices() -> Voices | None:
    """Return what tells speakers apart; None, with a line in the log, if its weights are no good."""
    try:
        return Voices(_encoder())
    except WeightsError as error:
        log.warning("Speakers are not told apart: %s", error)
        return None


@lru_cache
def _encoder() -> Encoder:
    return Encoder(load_weights())


def thoroughly(
    whisper: Whisper, window: Window, language: str, vocabulary: str = "", passes: int = MOST_PASSES
) -> list[dict[str, Any]]:
    """Return the segments of a window. What comes out doubtful is heard again in halves, with so many passes at most.

    Speech that repeats itself, or with many short turns, makes the model say one of them and skip the rest: it then
    needs to be shown less at once. A last doubtful phrase may sample.
    """
    halves = window.halves() if passes > 2 else None
    heard = whisper.hear(window, language, vocabulary, is_last_try=halves is None)
    if heard.doubt and halves:
        # In a wrong language or in noise all is improbable, however short; and other recordings wait
        each = (passes - 1) // (2 if heard.doubt is Doubt.INCOMPLETE else 8)
        return [segment for half in halves for segment in thoroughly(whisper, half, language, vocabulary, each)]
    return heard.segments
