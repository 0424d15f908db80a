"""Find when each word of a known text is spoken (forced alignment), in bounded memory.

The speech of a recording, without long silences, passes through a window as wide as the model's. The words that may be
in it are aligned all together, some more than fit; those before the last seconds are certain, and the next window
begins after them. If the text is not what is spoken there, its words get no times, and the next window continues with
the words that are expected there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from speechserver.audio import FULL_SCALE, RATE_HZ
from speechserver.languages import UNSPACED
from speechserver.recogniser.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from speechserver.recogniser.model import Path
    from speechserver.recogniser.voice_activity import Samples
    from speechserver.recogniser.whisper import Whisper
    from speechserver.recogniser.windows import Window

# As much as the encoder sees, less what rounding may add
WINDOW_S = 29.5
# Words of the last seconds of a window are aligned again with what follows them
UNCERTAIN_S = 5.0
# Words that are expected this much later than a window's end may be in it
LATE_S = 5.0
# The decoder reads 448 tokens at most, with those that say the task
MOST_TOKENS = 430
# What is spoken has a probability above this for half of its words, another text for few
UNLIKELY, LIKELY_SHARE = 0.1, 0.5
# A word is judged with so many before and behind it: one that was misspelled is spoken all the same
AROUND = 2

Span = tuple[float, float]


class Expected(NamedTuple):
    """A word of the text, and the second that it is expected at."""

    text: str
    at_s: float


class Found(NamedTuple):
    """From when to when a word is spoken, in seconds of the window, and how probable it is there."""

    start_s: float
    end_s: float
    probability: float


@dataclass(slots=True)
class Speech:
    """The speech that is not aligned yet, one stretch after the other, and when each of them is in the recording."""

    samples: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    # Of each stretch: its first second here, and in the recording
    starts_s: list[float] = field(default_factory=list)
    recorded_s: list[float] = field(default_factory=list)

    @property
    def length_s(self) -> float:
        """Return how much there is."""
        return len(self.samples) / RATE_HZ

    def add(self, window: Window) -> None:
        """Add a stretch at the end."""
        self.starts_s.append(self.length_s)
        self.recorded_s.append(window.start_s)
        self.samples = np.concatenate([self.samples, window.samples])

    def recorded(self, second: float) -> float:
        """Return which second of the recording a second is."""
        at = max(0, bisect_right(self.starts_s, second) - 1)
        return self.recorded_s[at] + second - self.starts_s[at]

    def discard(self, before_s: float) -> None:
        """Remove what is before a second."""
        first = max(0, bisect_right(self.starts_s, before_s) - 1)
        recorded = self.recorded(before_s)
        self.starts_s = [0.0, *(start - before_s for start in self.starts_s[first + 1 :])]
        self.recorded_s = [recorded, *self.recorded_s[first + 1 :]]
        self.samples = self.samples[round(before_s * RATE_HZ) :]


class Alignment:
    """Aligns one recording with its words. Feed it samples as they are decoded, then finish it."""

    def __init__(
        self, whisper: Whisper, language: str, words: Sequence[Expected], report: Callable[[], None] = lambda: None
    ) -> None:
        self._whisper, self._language, self._words, self._report = whisper, language, words, report
        self._space = "" if language in UNSPACED else " "
        self._windows, self._speech = Windows(), Speech()
        self._spans: list[Span] = []
        self._times: list[Span | None] = [None] * len(words)
        self._next = 0
        self._late_s = 0.0
        self._received, self._done_s = 0, 0.0

    @property
    def share_done(self) -> float:
        """Return how much of what was fed is aligned, 0 to 1."""
        return min(1.0, self._done_s * RATE_HZ / self._received) if self._received else 1.0

    def feed(self, samples: bytes) -> None:
        """Take 16-bit little-endian samples at 16 kHz, one channel."""
        pieces = np.frombuffer(samples, np.int16).astype(np.float32) / FULL_SCALE
        self._received += len(pieces)
        self._add(self._windows.feed(pieces))

    def finish(self) -> dict[str, Any]:
        """Return the answer: the start and end of each word in seconds, None for one that was not found."""
        self._add(self._windows.finish())
        while self._speech.length_s and self._next < len(self._words):
            self._align(is_last=self._speech.length_s <= WINDOW_S)
        times = [one and (round(one[0], 3), round(one[1], 3)) for one in self._times]
        return {"language": self._language, "duration": round(self._received / RATE_HZ, 3), "times": times}

    def _add(self, windows: Iterable[Window]) -> None:
        for window in windows:
            self._speech.add(window)
            self._spans += window.speech
            while self._speech.length_s > WINDOW_S and self._next < len(self._words):
                self._align(is_last=False)
            if self._next == len(self._words):
                self._speech = Speech()

    def _align(self, *, is_last: bool) -> None:
        """Align what is in the window, and move it on."""
        samples = self._speech.samples[: round(WINDOW_S * RATE_HZ)]
        length_s = len(samples) / RATE_HZ
        tokens, counts = self._tokens(self._expected(self._speech.recorded(length_s)))
        found = found_in(self._whisper.aligned(samples, self._language, tokens), counts) if tokens else []
        certain_s = length_s if is_last else length_s - UNCERTAIN_S
        count = likely(found, certain_s, is_last=is_last)
        self._keep(found[:count])
        if count:
            self._move(cut_after(found, count))
        else:
            self._skip(certain_s)
        self._report()

    def _expected(self, until_s: float) -> int:
        """Return the word after the last that may be in a window which ends at this second."""
        latest = until_s + LATE_S - self._late_s
        end = self._next
        while end < len(self._words) and self._words[end].at_s < latest:
            end += 1
        return end

    def _tokens(self, end: int) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the tokens of the next words, and those that each word's letters begin and end at."""
        tokens: list[int] = []
        counts: list[tuple[int, int]] = []
        for word in self._words[self._next : end]:
            of_word = self._whisper.tokens(self._space + word.text)
            if len(tokens) + len(of_word) > MOST_TOKENS:
                break
            # What is no letter is no speech: the pause after a word would be its full stop's
            spoken = [at for at, token in enumerate(of_word) if is_spoken(token.text)]
            first, last = (spoken[0], spoken[-1] + 1) if spoken else (0, len(of_word))
            counts.append((len(tokens) + first, len(tokens) + last))
            tokens += [token.number for token in of_word]
        return tokens, counts

    def _keep(self, found: Sequence[Found]) -> None:
        """Note the times of the next words."""
        for at, one in enumerate(found):
            # Among words that aren't spoken, a time is one that was left for them
            if not _is_unlikely(found[max(0, at - AROUND) : at + AROUND + 1]):
                span = self._speech.recorded(one.start_s), self._speech.recorded(one.end_s)
                self._times[self._next + at] = spoken_part(span, self._spans)
        if found:
            self._next += len(found)
            self._late_s = self._speech.recorded(found[-1].start_s) - self._words[self._next - 1].at_s

    def _move(self, to_s: float) -> None:
        self._done_s = self._speech.recorded(to_s)
        self._speech.discard(to_s)
        self._spans = [span for span in self._spans if span[1] > self._done_s - 1]

    def _skip(self, to_s: float) -> None:
        """Go past what is not the text, to the words that are expected there."""
        self._move(to_s)
        self._late_s = 0.0
        self._next = bisect_left(self._words, self._done_s, lo=self._next, key=lambda word: word.at_s)


def is_spoken(text: str) -> bool:
    """Tell whether a token spells a letter or figure, or a part of one."""
    return any(sign.isalnum() or sign == "\N{REPLACEMENT CHARACTER}" for sign in text)


def found_in(path: Path, counts: Sequence[tuple[int, int]]) -> list[Found]:
    """Return when the words of an alignment are spoken."""
    return [
        Found(path.starts_s[first], path.starts_s[last], float(np.mean(path.probabilities[first:last])))
        for first, last in counts
    ]


def likely(found: Sequence[Found], certain_s: float, *, is_last: bool) -> int:
    """Return how many of the words are spoken before the uncertain end of a window; none, if it is another text."""
    count = len(found)
    while count and (found[count - 1].end_s > certain_s or _is_unlikely(found[max(0, count - AROUND - 1) : count])):
        count -= 1
    return 0 if _is_unlikely(found[:count]) else count


def _is_unlikely(found: Sequence[Found]) -> bool:
    return sum(one.probability > UNLIKELY for one in found) < LIKELY_SHARE * len(found)


def cut_after(found: Sequence[Found], count: int) -> float:
    """Return where the next window begins: after the last certain word."""
    end_s = found[count - 1].end_s
    return (end_s + found[count].start_s) / 2 if count < len(found) else end_s


def spoken_part(span: Span, speech: Sequence[Span]) -> Span:
    """Return the part of a word's time in which someone speaks, if there is one."""
    inside = [(max(span[0], start), min(span[1], end)) for start, end in speech if start < span[1] and end > span[0]]
    return (inside[0][0], inside[-1][1]) if inside else span
