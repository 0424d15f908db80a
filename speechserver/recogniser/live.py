"""Live speech: provisional words while someone speaks, final ones after each phrase."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ
from speechserver.recogniser.languages import Languages
from speechserver.recogniser.pace import TooSlow, too_slow
from speechserver.recogniser.recording import FULL_SCALE, thoroughly
from speechserver.recogniser.whisper import HALF_HOLDS_S, Drafted
from speechserver.recogniser.windows import LIVE, RECORDED, Windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speechserver.recogniser.voice import Samples
    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

# A draft costs half a second; so much must have been said since the last one
DRAFT_EVERY_S = 0.4
# Before that a language can't be told, and a draft is a guess
SHORTEST_DRAFT_S = 1.0
# Drafts that spell something anew each time, as in Korean, agree late: what was said so long ago is shown nevertheless
DISPUTED_S = 1.5
# What a draft must leave of the half context, so that the next one fits too
DRAFTED_S = HALF_HOLDS_S - 1.0
PUNCTUATION = ".,!?;:…-–—\"'“”‘’«»()。、，！？：；"


@dataclass(slots=True)
class Agreement:
    """LocalAgreement-2: words that two drafts in a row have in common are shown, and stay until they are final.

    Macháček, Dabre, Bojar: Turning Whisper into Real-Time Transcription System (2023).
    """

    agreed: list[Drafted] = field(default_factory=list)
    _last: list[Drafted] = field(default_factory=list)
    _until_s: float = 0.0

    @property
    def text(self) -> str:
        """Return the agreed words, and those after them that were said so long ago that they are worth a look."""
        old = takewhile(lambda word: word.end_s <= self._until_s - DISPUTED_S, self._last)
        return "".join(word.text for word in (*self.agreed, *old)).strip()

    def take(self, words: list[Drafted], until_s: float) -> None:
        """Compare a new draft of what was said until a second, with times of the session, with the one before."""
        words = [*words[:-1], _unfinished(words[-1])] if words else []
        after_s = self.agreed[-1].end_s if self.agreed else 0.0
        fresh = [word for word in words if (word.start_s + word.end_s) / 2 > after_s]
        pairs = takewhile(lambda pair: _bare(pair[0]) == _bare(pair[1]), zip(fresh, self._last, strict=False))
        common = [new for new, _ in pairs]
        self.agreed += common
        self._until_s = until_s
        self._last = fresh[len(common) :]

    @property
    def whole(self) -> str:
        """Return the agreed words, and those of the last draft that no other has confirmed."""
        return "".join(word.text for word in (*self.agreed, *self._last)).strip()

    def split(self, second: float) -> tuple[Agreement, Agreement]:
        """Return the words that begin before this second, and the others."""
        before = Agreement(
            [word for word in self.agreed if word.start_s < second],
            [word for word in self._last if word.start_s < second],
        )
        after = Agreement(
            [word for word in self.agreed if word.start_s >= second],
            [word for word in self._last if word.start_s >= second],
        )
        return before, after

    def from_s(self, begin_s: float, now_s: float) -> float:
        """Return where the next draft begins: an agreed word falls out once the rest no longer fits beside it."""
        old = [word.end_s for word in self.agreed if now_s - word.end_s <= DRAFTED_S]
        fits = now_s - begin_s <= DRAFTED_S
        return begin_s if fits else min(old, default=now_s - DRAFTED_S)


def _unfinished(word: Drafted) -> Drafted:
    """Return the last word of a draft without the full stop that the model sets where the audio ends."""
    return word._replace(text=word.text.rstrip(".…。"))


def _bare(word: Drafted) -> str:
    return word.text.strip().strip(PUNCTUATION).casefold()


@dataclass(slots=True)
class Phrase:
    """A phrase that is over and has no final words yet, with what was made of it while it was spoken."""

    window: Window
    agreement: Agreement
    is_drafted: bool  # whether the last draft heard all of it


class LiveTranscription:
    """One session. `drafts` makes the provisional words, `finals` the others; they may be the same model.

    `finals` may run in a thread beside the one that calls the rest: words are drafted while a phrase becomes final.
    """

    def __init__(self, finals: Whisper, drafts: Whisper, language: str, vocabulary: str = "") -> None:
        self._finals, self._drafts, self._vocabulary = finals, drafts, vocabulary
        self._languages = Languages(finals, language, most_waiting=1)
        self._windows = Windows(LIVE)
        self._over: list[Phrase] = []  # without final words; those not yet taken up are also in `_waiting`
        self._waiting: list[Window] = []
        self._lock = threading.Lock()  # of these two
        self._agreement = Agreement()
        self._half = b""
        self._heard = self._drafted = 0  # samples: until now, and until the last draft

    @property
    def duration_s(self) -> float:
        """Return how much was heard, in seconds."""
        return self._heard / RATE_HZ

    @property
    def text(self) -> str:
        """Return what seems to be said, and has no final words yet."""
        with self._lock:
            texts = [phrase.agreement.whole for phrase in self._over]
        return " ".join(text for text in [*texts, self._agreement.text] if text)

    @property
    def has_finals(self) -> bool:
        """Return whether phrases wait for `finals`."""
        return bool(self._waiting)

    def hear(self, content: bytes) -> None:
        """Take 16-bit samples; only `finals` and `draft` take time."""
        content = self._half + content
        whole = len(content) // BYTES_A_SAMPLE * BYTES_A_SAMPLE
        self._half = content[whole:]
        samples = np.frombuffer(content[:whole], np.int16).astype(np.float32) / FULL_SCALE
        self._heard += len(samples)
        for window in self._windows.feed(samples):
            self._end(window)

    def flush(self) -> None:
        """Let the next finals hold all that was said until now."""
        for window in self._windows.flush():
            self._end(window)

    def finals(self) -> Iterator[tuple[list[dict[str, Any]], float]]:
        """Give the segments of phrases that are over, each time with the second until which all is final.

        Phrases that wait are heard together, so that the delay does not grow.
        """
        while (window := self._next()) is not None:
            told = list(self._languages.tell(window))
            yield (
                [
                    segment
                    for language, part in told
                    for segment in thoroughly(self._finals, part, language, self._vocabulary)
                ],
                window.end_s,
            )

    def settle(self, until_s: float) -> None:
        """Forget what was provisional until this second: its final words are told."""
        with self._lock:
            self._over = [phrase for phrase in self._over if phrase.window.end_s > until_s]

    def draft(self) -> None:
        """Hear the end of a phrase, or what is being said, in one quick pass, if there is more than at the last.

        Raises TooSlow if the model of the drafts was chosen for a language that turns out not to be spoken.
        """
        with self._lock:
            phrase = next((one for one in self._over if not one.is_drafted), None)
        pending = self._windows.pending()
        if phrase:
            phrase.is_drafted = True
            self._agree(phrase.agreement, phrase.window.start_s, phrase.window.samples)
        elif pending and self._heard - self._drafted >= DRAFT_EVERY_S * RATE_HZ:
            self._follow(*pending)

    def _follow(self, begin_s: float, samples: Samples) -> None:
        if len(samples) >= SHORTEST_DRAFT_S * RATE_HZ:
            self._drafted = self._heard
            self._agree(self._agreement, begin_s, samples)

    def _agree(self, agreement: Agreement, begin_s: float, samples: Samples) -> None:
        from_s = agreement.from_s(begin_s, begin_s + len(samples) / RATE_HZ)
        samples = samples[round((from_s - begin_s) * RATE_HZ) :]
        language = self._languages.likely() or _best(self._finals.detect(samples))
        if language not in self._drafts.languages:
            raise TooSlow(too_slow(language))
        words = self._drafts.draft(samples, language, self._vocabulary)
        later = [Drafted(word.text, word.start_s + from_s, word.end_s + from_s) for word in words]
        agreement.take(later, from_s + len(samples) / RATE_HZ)

    def _end(self, window: Window) -> None:
        """Let a phrase be over; what was drafted of the next one stays."""
        is_drafted = self._drafted >= window.speech[-1][1] * RATE_HZ
        ended, self._agreement = self._agreement.split(window.end_s)
        with self._lock:
            self._over.append(Phrase(window, ended, is_drafted))
            self._waiting.append(window)

    def _next(self) -> Window | None:
        with self._lock:
            if not self._waiting:
                return None
            window = self._waiting.pop(0)
            while self._waiting and _fit(window, self._waiting[0]):
                window = window.joined(self._waiting.pop(0))
            return window


def _best(odds: dict[str, float]) -> str:
    return max(odds, key=odds.__getitem__)


def _fit(window: Window, later: Window) -> bool:
    is_near = later.start_s - window.end_s <= RECORDED.silence_s
    return is_near and later.end_s - window.start_s <= RECORDED.longest_s
