"""Transcribe live speech: provisional words while someone speaks, final ones after each phrase."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from speechserver.audio import BYTES_A_SAMPLE, FULL_SCALE, RATE_HZ
from speechserver.recogniser.agreement import Agreement
from speechserver.recogniser.detection import LanguageDetector
from speechserver.recogniser.latency import TooSlow, too_slow_message
from speechserver.recogniser.recording import transcribe_window
from speechserver.recogniser.whisper import DraftWord
from speechserver.recogniser.windows import LIVE, RECORDED, Windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from speechserver.recogniser.voice_activity import Samples
    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

# A draft costs half a second; this much new audio must have arrived since the last one
DRAFT_EVERY_S = 0.4
# In less audio than this the language can't be detected, and a draft is a guess
MIN_DRAFT_S = 1.0


@dataclass(slots=True)
class Phrase:
    """A complete phrase without final words yet, with the provisional words of its drafts."""

    window: Window
    agreement: Agreement
    is_drafted: bool  # whether the last draft covered all of it


class LiveTranscription:
    """One session. The model `drafts` makes the provisional words, `finals` the others; they may be the same one.

    The method `finals` may run in another thread than the rest: words are drafted while a phrase becomes final.
    """

    def __init__(self, finals: Whisper, drafts: Whisper, language: str, terms: Sequence[str] = ()) -> None:
        self._finals, self._drafts, self._terms = finals, drafts, terms
        self._languages = LanguageDetector(finals, language, max_waiting=1)
        self._windows = Windows(LIVE)
        self._complete: list[Phrase] = []  # without final words; those not yet begun are also in `_waiting`
        self._waiting: list[Window] = []
        self._lock = threading.Lock()  # of these two
        self._agreement = Agreement()
        self._odd_byte = b""
        self._received = self._drafted = 0  # samples: until now, and until the last draft

    @property
    def duration_s(self) -> float:
        """Return how much audio was received, in seconds."""
        return self._received / RATE_HZ

    @property
    def text(self) -> str:
        """Return the provisional words."""
        with self._lock:
            texts = [phrase.agreement.full_text for phrase in self._complete]
        return " ".join(text for text in [*texts, self._agreement.text] if text)

    @property
    def has_finals(self) -> bool:
        """Return whether phrases wait for `finals`."""
        return bool(self._waiting)

    def feed(self, content: bytes) -> None:
        """Take 16-bit samples; only `finals` and `draft` take time."""
        content = self._odd_byte + content
        whole = len(content) // BYTES_A_SAMPLE * BYTES_A_SAMPLE
        self._odd_byte = content[whole:]
        samples = np.frombuffer(content[:whole], np.int16).astype(np.float32) / FULL_SCALE
        self._received += len(samples)
        for window in self._windows.feed(samples):
            self._complete_phrase(window)

    def flush(self) -> None:
        """End the current phrase here, so that the next finals hold everything received until now."""
        for window in self._windows.flush():
            self._complete_phrase(window)

    def finals(self) -> Iterator[tuple[list[dict[str, Any]], float]]:
        """Yield the segments of complete phrases, each time with the second until which everything is final.

        Phrases that wait are transcribed together, so that the delay doesn't grow.
        """
        while (window := self._next_window()) is not None:
            parts = list(self._languages.assign(window))
            yield (
                [
                    segment
                    for language, part in parts
                    for segment in transcribe_window(self._finals, part, language, self._terms)
                ],
                window.end_s,
            )

    def settle(self, until_s: float) -> None:
        """Drop what was provisional until this second: its final words are sent."""
        with self._lock:
            self._complete = [phrase for phrase in self._complete if phrase.window.end_s > until_s]

    def draft(self) -> None:
        """Draft the end of a complete phrase, or else the current one, in one quick pass if it grew since the last.

        Raises TooSlow if the model of the drafts was chosen for a language that turns out not to be spoken.
        """
        with self._lock:
            phrase = next((one for one in self._complete if not one.is_drafted), None)
        pending = self._windows.pending()
        if phrase:
            phrase.is_drafted = True
            self._draft_into(phrase.agreement, phrase.window.start_s, phrase.window.samples)
        elif pending and self._received - self._drafted >= DRAFT_EVERY_S * RATE_HZ:
            self._draft_current(*pending)

    def _draft_current(self, begin_s: float, samples: Samples) -> None:
        if len(samples) >= MIN_DRAFT_S * RATE_HZ:
            self._drafted = self._received
            self._draft_into(self._agreement, begin_s, samples)

    def _draft_into(self, agreement: Agreement, begin_s: float, samples: Samples) -> None:
        from_s = agreement.draft_start_s(begin_s, begin_s + len(samples) / RATE_HZ)
        samples = samples[round((from_s - begin_s) * RATE_HZ) :]
        language = self._languages.current() or _most_probable(self._finals.detect(samples))
        if language not in self._drafts.languages:
            raise TooSlow(too_slow_message(language))
        words = self._drafts.draft(samples, language)
        later = [DraftWord(word.text, word.start_s + from_s, word.end_s + from_s) for word in words]
        agreement.add(later, from_s + len(samples) / RATE_HZ)

    def _complete_phrase(self, window: Window) -> None:
        """Complete a phrase; what was drafted of the next one stays."""
        is_drafted = self._drafted >= window.speech[-1][1] * RATE_HZ
        ended, self._agreement = self._agreement.split(window.end_s)
        with self._lock:
            self._complete.append(Phrase(window, ended, is_drafted))
            self._waiting.append(window)

    def _next_window(self) -> Window | None:
        with self._lock:
            if not self._waiting:
                return None
            window = self._waiting.pop(0)
            while self._waiting and _fit_together(window, self._waiting[0]):
                window = window.joined(self._waiting.pop(0))
            return window


def _most_probable(odds: dict[str, float]) -> str:
    return max(odds, key=odds.__getitem__)


def _fit_together(window: Window, later: Window) -> bool:
    is_near = later.start_s - window.end_s <= RECORDED.silence_s
    return is_near and later.end_s - window.start_s <= RECORDED.longest_s
