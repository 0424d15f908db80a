"""Cutting sound into utterances, so that a recogniser hears all of the speech and none of the silence."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pocketsphinx import Endpointer

from speechserver.audio import BYTES_A_SAMPLE, RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator

# Sound kept around what the endpointer calls speech: soft beginnings and ends lie outside its window.
PADDING_S = 0.5
# A longer utterance is cut at the quietest place of its last stretch: memory and waiting stay bounded.
LONGEST_S = 20.0
LAST_STRETCH_S = 6.0
QUIET_WINDOW_S = 0.1
# The endpointer's window; 0.3 s is what it is made for.
WINDOW_S = 0.3
# Speech swells and fades by 9 dB and more even over loud noise; a fan, hiss or hum stays within 3 dB.
STEADY_DB = 4.0
LEVEL_FRAME_S = 0.03


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech: 16-bit samples and where they begin in the recording, in seconds."""

    start_s: float
    samples: bytes

    def is_steady_noise(self) -> bool:
        """Whether it is as loud all the time as nobody speaks; a recogniser would hear words in it."""
        levels = sorted(self._levels_db())
        return not levels or levels[len(levels) * 9 // 10] - levels[len(levels) // 4] < STEADY_DB

    def _levels_db(self) -> Iterator[float]:
        samples, size = array("h", self.samples), int(LEVEL_FRAME_S * RATE_HZ)
        for place in range(0, len(samples) - size + 1, size):
            power = sum(sample * sample for sample in samples[place : place + size]) / size
            yield 10 * math.log10(1 + power)


class Utterances:
    """Feed it samples; it gives back utterances in order, without overlap, losing none of the speech."""

    def __init__(self) -> None:
        self._endpointer = Endpointer(window=WINDOW_S, sample_rate=RATE_HZ)
        self._frame_bytes: int = self._endpointer.frame_bytes
        self._sound = bytearray()  # what is still needed, from `_from` on
        self._from = 0  # positions are bytes from the start of the recording
        self._heard = 0
        self._start: int | None = None  # where the utterance that is being collected begins
        self._end: int | None = None  # where it may end; None while there is speech

    def feed(self, samples: bytes) -> Iterator[Utterance]:
        """Take the next samples, any number of them."""
        self._sound += samples
        while self._from + len(self._sound) - self._heard >= self._frame_bytes:
            yield from self._hear_frame()

    def finish(self) -> Iterator[Utterance]:
        """The recording is over: give what is left."""
        if self._start is not None:
            yield self._take(min(self._end or self._until, self._until))

    @property
    def _until(self) -> int:
        return self._from + len(self._sound)

    def _hear_frame(self) -> Iterator[Utterance]:
        was_speech = self._endpointer.in_speech
        offset = self._heard - self._from
        self._endpointer.process(bytes(self._sound[offset : offset + self._frame_bytes]))
        self._heard += self._frame_bytes
        if self._endpointer.in_speech and not was_speech:
            yield from self._speech_begins(_bytes(self._endpointer.speech_start - PADDING_S))
        elif was_speech and not self._endpointer.in_speech:
            self._end = _bytes(self._endpointer.speech_end + PADDING_S)
        yield from self._let_go()

    def _speech_begins(self, at: int) -> Iterator[Utterance]:
        if self._start is not None and self._end is not None and at > self._end:
            yield self._take(self._end)
        if self._start is None:
            self._start = max(at, self._from)
        self._end = None

    def _let_go(self) -> Iterator[Utterance]:
        """Give an utterance that is over or too long, and forget silence that no padding can reach."""
        window = _bytes(WINDOW_S + PADDING_S)
        if self._start is None:
            self._forget(self._heard - 2 * window)
        elif self._end is not None and self._heard > self._end + 2 * window:
            yield self._take(self._end)
        elif self._heard - self._start > _bytes(LONGEST_S):
            at = self._quietest()
            start = at
            yield self._take(at)
            self._start = start

    def _take(self, end: int) -> Utterance:
        start = self._start or 0
        samples = bytes(self._sound[start - self._from : end - self._from])
        self._forget(end)
        self._start = None
        return Utterance(start / BYTES_A_SAMPLE / RATE_HZ, samples)

    def _forget(self, before: int) -> None:
        if before > self._from:
            del self._sound[: before - self._from]
            self._from = before

    def _quietest(self) -> int:
        """The middle of the quietest moment in the last stretch."""
        window = _bytes(QUIET_WINDOW_S)
        places = range(self._heard - _bytes(LAST_STRETCH_S), self._heard - window, window // 2)
        return min(places, key=lambda place: self._loudness(place, window)) + window // 2

    def _loudness(self, place: int, window: int) -> int:
        offset = place - self._from
        return sum(abs(sample) for sample in array("h", bytes(self._sound[offset : offset + window])))


def _bytes(seconds: float) -> int:
    return max(0, int(seconds * RATE_HZ)) * BYTES_A_SAMPLE
