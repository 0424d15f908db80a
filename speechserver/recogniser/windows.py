"""Cut a recording into windows for one pass of the model: all of the speech, little of the silence.

A window ends at the longest pause in its second half, so that a cut seldom splits a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from speechserver.audio import RATE_HZ
from speechserver.recogniser.voice_activity import FRAME, VoiceDetector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speechserver.recogniser.voice_activity import Samples

FRAMES_A_SECOND = RATE_HZ / FRAME
# Speech begins above the first probability and ends below the second (silero's own defaults)
BEGINS, ENDS = 0.5, 0.35
# Shorter pauses belong to the speech around them; speakers seldom leave less between them
PAUSE_S = 0.2
# Soft beginnings and ends of words are outside of what the detector calls speech
PADDING_S = 0.4
# Without any pause the cut is at the least voiced moment of the last part of a window
LAST_PART = 0.3
MOMENT_S = 0.16
# A stretch without a pause is not cut below this
SHORTEST_CUT_S = 6.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The maximum length of a window, the silence that ends it, and the earliest cut for its length; in seconds."""

    longest_s: float
    silence_s: float
    earliest_cut_s: float


# Whisper sees 30 s, of which the padding needs some; it invents words in long silence, so a window holds none
RECORDED = Limits(longest_s=28.0, silence_s=2.0, earliest_cut_s=12.0)
# Each phrase is a window, so that its words are final soon
LIVE = Limits(longest_s=14.0, silence_s=0.6, earliest_cut_s=5.0)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a recording: samples from `start_s` on, and the spans of speech in it.

    All times are seconds of the recording.
    """

    start_s: float
    samples: Samples
    speech: tuple[tuple[float, float], ...]

    @property
    def end_s(self) -> float:
        """Return the second that it ends at."""
        return self.start_s + len(self.samples) / RATE_HZ

    @property
    def speech_s(self) -> float:
        """Return for how many seconds someone speaks."""
        return sum(end - start for start, end in self.speech)

    def part(self, first: int, end: int) -> Window:
        """Return what holds the spans from number `first` to before `end`, cut in the middle of the pauses around."""
        if (first, end) == (0, len(self.speech)):
            return self
        start_s = self._middle(first) if first else self.start_s
        at = self._sample(start_s)
        until = self._sample(self._middle(end)) if end < len(self.speech) else len(self.samples)
        return Window(self.start_s + at / RATE_HZ, self.samples[at:until], self.speech[first:end])

    def groups(self, longest_s: float) -> Iterator[tuple[int, int]]:
        """Yield the spans in groups of neighbours, none longer than this unless a single span is."""
        first = 0
        for number, (_, end) in enumerate(self.speech):
            if number > first and end - self.speech[first][0] > longest_s:
                yield first, number
                first = number
        yield first, len(self.speech)

    def joined(self, later: Window) -> Window:
        """Return this and a later window as one; what is between them is silence."""
        silence = np.zeros(max(0, round((later.start_s - self.end_s) * RATE_HZ)), np.float32)
        return Window(
            self.start_s, np.concatenate([self.samples, silence, later.samples]), (*self.speech, *later.speech)
        )

    def halves(self) -> tuple[Window, Window] | None:
        """Return the window in two, cut at its longest pause, or at its quietest moment; None if it is short."""
        if len(self.speech) > 1:
            pauses = [self.speech[number][0] - self.speech[number - 1][1] for number in range(1, len(self.speech))]
            at = pauses.index(max(pauses)) + 1
            return self.part(0, at), self.part(at, len(self.speech))
        return self._cut() if len(self.samples) > SHORTEST_CUT_S * RATE_HZ else None

    def _cut(self) -> tuple[Window, Window]:
        moment = round(MOMENT_S * RATE_HZ)
        middle = slice(len(self.samples) // 4, len(self.samples) * 3 // 4)
        loudness = np.convolve(self.samples[middle] ** 2, np.ones(moment), "valid")[:: moment // 8]
        at = middle.start + int(loudness.argmin()) * (moment // 8) + moment // 2
        cut_s, ((start_s, end_s),) = self.start_s + at / RATE_HZ, self.speech
        return (
            Window(self.start_s, self.samples[:at], ((start_s, cut_s),)),
            Window(cut_s, self.samples[at:], ((cut_s, end_s),)),
        )

    def _middle(self, number: int) -> float:
        return (self.speech[number - 1][1] + self.speech[number][0]) / 2

    def _sample(self, second: float) -> int:
        return round((second - self.start_s) * RATE_HZ)


@dataclass(slots=True)
class SpeechSpans:
    """Joins frames into spans of speech, counted in frames. The last span is open while someone speaks."""

    pause_s: float = PAUSE_S
    spans: list[tuple[int, int]] = field(default_factory=list)
    is_open: bool = False
    frames: int = 0

    def add(self, probabilities: Samples) -> None:
        """Add the voice probabilities of the next frames."""
        for probability in probabilities.tolist():
            self.frames += 1
            if self.is_open:
                self._continue(probability)
            elif probability >= BEGINS:
                self._begin()

    def _begin(self) -> None:
        start = self.frames - 1
        if self.spans and start - self.spans[-1][1] < self.pause_s * FRAMES_A_SECOND:
            start = self.spans.pop()[0]
        self.spans.append((start, self.frames))
        self.is_open = True

    def _continue(self, probability: float) -> None:
        start, end = self.spans[-1]
        if probability >= ENDS:
            self.spans[-1] = (start, self.frames)
        else:
            self.is_open = self.frames - end < self.pause_s * FRAMES_A_SECOND

    @property
    def silence(self) -> int:
        """Return how many frames it has been since anyone spoke."""
        return self.frames - (self.spans[-1][1] if self.spans else 0)

    def cut(self, frame: int) -> tuple[tuple[int, int], ...]:
        """Remove and return the spans before this frame; one that contains it is split."""
        before = tuple((start, min(end, frame)) for start, end in self.spans if start < frame)
        self.spans = [(max(start, frame), end) for start, end in self.spans if end > frame]
        self.is_open = self.is_open and bool(self.spans)
        return before


class Windows:
    """Cuts the samples that it is fed into windows, in order, without losing speech; holds one window in memory."""

    def __init__(self, limits: Limits = RECORDED) -> None:
        self._limits = limits
        self._detector = VoiceDetector()
        self._speech = SpeechSpans()
        self._samples = np.zeros(0, np.float32)
        self._probabilities = np.zeros(0, np.float32)
        self._from = 0  # the frame that both begin with

    def feed(self, samples: Samples) -> Iterator[Window]:
        """Take the next samples, any number of them."""
        self._samples = np.concatenate([self._samples, samples])
        probabilities = self._detector.feed(samples)
        self._probabilities = np.concatenate([self._probabilities, probabilities])
        for frame in range(len(probabilities)):
            self._speech.add(probabilities[frame : frame + 1])
            yield from self._complete()

    def flush(self) -> Iterator[Window]:
        """Yield the speech received until now as a window, even in mid-sentence."""
        if self._speech.spans:
            yield self._take(self._speech.frames)

    def finish(self) -> Iterator[Window]:
        """Yield the rest at the end of the recording."""
        yield from self.feed(np.zeros(FRAME, np.float32))  # completes the last frame
        yield from self.flush()

    def pending(self) -> tuple[float, Samples] | None:
        """Return the current speech: the second it begins at, and its samples until now. None during silence."""
        if not self._speech.spans:
            return None
        start = max(self._from, self._speech.spans[0][0] - _frames(PADDING_S))
        return start / FRAMES_A_SECOND, self._samples[(start - self._from) * FRAME :]

    def _complete(self) -> Iterator[Window]:
        spans = self._speech.spans
        if not spans:
            self._discard(self._speech.frames - _frames(PADDING_S))
        elif self._speech.silence > _frames(self._limits.silence_s):
            yield self._take(self._speech.frames)
        elif self._speech.frames - spans[0][0] > _frames(self._limits.longest_s):
            yield self._take(self._best_cut())

    def _best_cut(self) -> int:
        """Return the middle of the longest pause, or else of the least voiced moment."""
        spans = self._speech.spans
        earliest = spans[0][0] + _frames(self._limits.earliest_cut_s)
        pauses = [(start - end, (start + end) // 2) for (_, end), (start, _) in pairwise(spans) if end > earliest]
        return max(pauses)[1] if pauses else self._least_voiced()

    def _least_voiced(self) -> int:
        stretch, moment = _frames(self._limits.longest_s * LAST_PART), _frames(MOMENT_S)
        last = self._probabilities[: self._speech.frames - self._from][-stretch:]
        levels = np.convolve(last, np.ones(moment), "valid")
        return self._speech.frames - len(last) + int(levels.argmin()) + moment // 2

    def _take(self, cut: int) -> Window:
        """Make the window that ends at this frame at the latest."""
        spans = self._speech.cut(cut)
        padding = _frames(PADDING_S)
        start = max(self._from, spans[0][0] - padding)
        end = min(cut, spans[-1][1] + padding)
        at = (start - self._from) * FRAME
        samples = self._samples[at : (end - self._from) * FRAME]
        self._discard(end)
        seconds = tuple((begins / FRAMES_A_SECOND, ends / FRAMES_A_SECOND) for begins, ends in spans)
        return Window(start / FRAMES_A_SECOND, samples, seconds)

    def _discard(self, before: int) -> None:
        if before > self._from:
            self._samples = self._samples[(before - self._from) * FRAME :]
            self._probabilities = self._probabilities[before - self._from :]
            self._from = before


def _frames(seconds: float) -> int:
    return round(seconds * FRAMES_A_SECOND)
