"""Transcribe a whole recording, from samples to segments, in bounded memory."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from speechserver.audio import FULL_SCALE, RATE_HZ
from speechserver.languages import TODAY
from speechserver.recogniser.detection import LanguageDetector
from speechserver.recogniser.vocabulary import corrected
from speechserver.recogniser.whisper import Doubt
from speechserver.recogniser.windows import Windows
from speechserver.speakers import Voices, WeightsError, label
from speechserver.speakers.encoder import Encoder
from speechserver.speakers.weights import load_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from speechserver.options import Options
    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

log = logging.getLogger("speechserver")

# Enough to halve a window three times
MAX_PASSES = 15


class Transcription:
    """Transcribes one recording. Feed it samples as they are decoded, then finish it.

    `report` is called whenever more of it is transcribed.
    """

    def __init__(self, whisper: Whisper, options: Options, report: Callable[[], None] = lambda: None) -> None:
        self._whisper, self._options, self._report = whisper, options, report
        self._windows = Windows()
        self._languages = LanguageDetector(whisper, options.language)
        self._voices = _voices() if options.diarize and options.speakers != 1 else None
        self._executor = ThreadPoolExecutor(whisper.passes)
        self._running: deque[tuple[Window, Future[list[dict[str, Any]]]]] = deque()
        self._segments: list[dict[str, Any]] = []
        self._received = 0
        self._done_s = 0.0

    @property
    def duration_s(self) -> float:
        """Return how much was fed, in seconds."""
        return self._received / RATE_HZ

    @property
    def share_done(self) -> float:
        """Return how much of what was fed is transcribed, 0 to 1."""
        return self._done_s / self.duration_s if self._received else 1.0

    def feed(self, samples: bytes) -> None:
        """Take 16-bit little-endian samples at 16 kHz, one channel."""
        pieces = np.frombuffer(samples, np.int16).astype(np.float32) / FULL_SCALE
        self._received += len(pieces)
        self._add(self._windows.feed(pieces))
        if not self._running and not self._languages.is_waiting:
            pending = self._windows.pending()
            self._done_s = pending[0] if pending else self.duration_s

    def finish(self) -> dict[str, Any]:
        """Return the answer: segments and what is known of the whole."""
        self._add(self._windows.finish())
        self._submit(self._languages.finish())
        self._collect(0)
        self._executor.shutdown()
        segments = label(self._segments, self._voices.turns(self._options.speakers) if self._voices else [])
        language, probability = self._languages.overall()
        return {
            "language": TODAY.get(language, language) or None,
            "language_probability": probability and round(probability, 4),
            "duration": round(self.duration_s, 3),
            "speakers_estimated": any(segment["speaker"] for segment in segments),
            "segments": segments,
        }

    def _add(self, windows: Iterable[Window]) -> None:
        for window in windows:
            if self._voices:
                self._voices.add(window.samples, window.start_s, window.speech)
            self._submit(self._languages.assign(window))

    def _submit(self, assigned: Iterable[tuple[str, Window]]) -> None:
        for language, window in assigned:
            task = self._executor.submit(transcribe_window, self._whisper, window, language, self._options.vocabulary)
            self._running.append((window, task))
            self._collect(2 * self._whisper.passes)

    def _collect(self, running: int) -> None:
        """Take the results in order; wait until no more than so many windows are still running."""
        while self._running and (len(self._running) > running or self._running[0][1].done()):
            window, task = self._running.popleft()
            self._segments += task.result()
            self._done_s = min(window.end_s, self.duration_s)
            self._report()


def _voices() -> Voices | None:
    """Return what distinguishes speakers; None, with a line in the log, if its weights can't be used."""
    try:
        return Voices(_encoder())
    except WeightsError as error:
        log.warning("Speakers are not distinguished: %s", error)
        return None


@lru_cache
def _encoder() -> Encoder:
    return Encoder(load_weights())


def transcribe_window(
    whisper: Whisper, window: Window, language: str, terms: Sequence[str] = (), passes: int = MAX_PASSES
) -> list[dict[str, Any]]:
    """Return the segments of a window. A doubtful result is transcribed again in halves, in so many passes at most.

    Speech that repeats itself, or has many short turns, makes the model write one of them and skip the rest; it then
    needs a shorter input. The last attempt at a doubtful phrase may sample. `terms` are written where they were spoken.
    """
    halves = window.halves() if passes > 2 else None
    result = whisper.transcribe(window, language, is_last_attempt=halves is None)
    if result.doubt and halves:
        # In a wrong language or in noise every half is improbable too; and other recordings wait
        each = (passes - 1) // (2 if result.doubt is Doubt.INCOMPLETE else 8)
        return [segment for half in halves for segment in transcribe_window(whisper, half, language, terms, each)]
    if not (terms and result.segments):
        return result.segments
    text = " ".join(segment["text"] for segment in result.segments)
    biased = whisper.biased(window, language, terms, text)
    preference = partial(whisper.preference, window, language, terms)
    return corrected(result.segments, biased, terms, language, preference)
