"""Live speech: provisional words while someone speaks, final ones after each phrase."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

from speechserver.recogniser.languages import Languages
from speechserver.recogniser.pace import TooSlow, too_slow
from speechserver.recogniser.recording import FULL_SCALE, thoroughly
from speechserver.recogniser.whisper import HALF_HOLDS_S, Drafted
from speechserver.recogniser.windows import LIVE, PADDING_S, RATE_HZ, RECORDED, Windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speechserver.recogniser.voice import Samples
    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

BYTES_A_SAMPLE = 2
# A draft costs half a second; so much must have been said since the last one
DRAFT_EVERY_S = 0.4
# Before that a language can't be told, and a draft is a guess
SHORTEST_DRAFT_S = 1.0
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

    @property
    def text(self) -> str:
        """Return the agreed words."""
        return "".join(word.text for word in self.agreed).strip()

    def take(self, words: list[Drafted]) -> None:
        """Compare a new draft, with times of the session, with the one before."""
        words = [*words[:-1], _unfinished(words[-1])] if words else []
        after_s = self.agreed[-1].end_s if self.agreed else 0.0
        fresh = [word for word in words if (word.start_s + word.end_s) / 2 > after_s]
        pairs = takewhile(lambda pair: _bare(pair[0]) == _bare(pair[1]), zip(fresh, self._last, strict=False))
        common = [new for new, _ in pairs]
        self.agreed += common
        self._last = fresh[len(common) :]

    def begin_at(self, second: float) -> None:
        """Forget what was said before this second."""
        self.agreed = [word for word in self.agreed if word.start_s >= second]
        self._last = [word for word in self._last if word.start_s >= second]

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


class LiveTranscription:
    """One session. `drafts` makes the provisional words, `finals` the others; they may be the same model."""

    def __init__(self, finals: Whisper, drafts: Whisper, language: str, vocabulary: str = "") -> None:
        self._finals, self._drafts, self._vocabulary = finals, drafts, vocabulary
        self._languages = Languages(finals, language, most_waiting=1)
        self._windows = Windows(LIVE)
        self._waiting: list[Window] = []
        self._agreement = Agreement()
        self._half = b""
        self._heard = self._drafted = 0  # samples: until now, and until the last draft

    @property
    def duration_s(self) -> float:
        """Return how much was heard, in seconds."""
        return self._heard / RATE_HZ

    @property
    def text(self) -> str:
        """Return what seems to be said in the phrase that is not over."""
        return self._agreement.text

    def hear(self, content: bytes) -> None:
        """Take 16-bit samples; only `finals` and `draft` take time."""
        content = self._half + content
        whole = len(content) // BYTES_A_SAMPLE * BYTES_A_SAMPLE
        self._half = content[whole:]
        samples = np.frombuffer(content[:whole], np.int16).astype(np.float32) / FULL_SCALE
        self._heard += len(samples)
        self._waiting += self._windows.feed(samples)

    def flush(self) -> None:
        """Let the next finals hold all that was said until now."""
        self._waiting += self._windows.flush()

    def finals(self) -> Iterator[dict[str, Any]]:
        """Give the segments of phrases that are over. Phrases that wait are heard together: the delay does not grow."""
        while self._waiting:
            window = self._next()
            for language, part in self._languages.tell(window):
                yield from thoroughly(self._finals, part, language, self._vocabulary)
            self._agreement.begin_at(window.end_s - PADDING_S)

    def draft(self) -> None:
        """Hear what is being said in one quick pass, if enough was said since the last.

        Raises TooSlow if the model of the drafts was chosen for a language that turns out not to be spoken.
        """
        pending = self._windows.pending()
        if pending is None:
            self._agreement = Agreement()
            return
        begin_s, samples = pending
        now_s = begin_s + len(samples) / RATE_HZ
        if self._heard - self._drafted < DRAFT_EVERY_S * RATE_HZ or now_s - begin_s < SHORTEST_DRAFT_S:
            return
        self._drafted = self._heard
        from_s = self._agreement.from_s(begin_s, now_s)
        self._agree(samples[round((from_s - begin_s) * RATE_HZ) :], from_s)

    def _agree(self, samples: Samples, from_s: float) -> None:
        language = self._languages.likely() or _best(self._finals.detect(samples))
        if language not in self._drafts.languages:
            raise TooSlow(too_slow(language))
        words = self._drafts.draft(samples, language, self._vocabulary)
        self._agreement.take([Drafted(word.text, word.start_s + from_s, word.end_s + from_s) for word in words])

    def _next(self) -> Window:
        window = self._waiting.pop(0)
        while self._waiting and _fit(window, self._waiting[0]):
            window = window.joined(self._waiting.pop(0))
        return window


def _best(odds: dict[str, float]) -> str:
    return max(odds, key=odds.__getitem__)


def _fit(window: Window, later: Window) -> bool:
    is_near = later.start_s - window.end_s <= RECORDED.silence_s
    return is_near and later.end_s - window.start_s <= RECORDED.longest_s
