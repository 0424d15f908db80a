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
# A short utterance waits for the next to join: from a word or two a decoder learns too little of a voice.
SHORT_S = 8.0
JOIN_S = 2.0
# A longer utterance is cut at the quietest place of its last stretch: memory and waiting stay bounded. Every cut
# costs words, so it lies beyond what people say without a pause.
LONGEST_S = 60.0
LAST_STRETCH_S = 10.0
QUIET_WINDOW_S = 0.2
# The endpointer's window; 0.3 s is what it is made for.
WINDOW_S = 0.3
# Speech swells and fades by 9 dB and more even over loud noise; a fan, hiss or hum stays within 3 dB.
STEADY_DB = 4.0
LEVEL_FRAME_S = 0.03


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech: 16-bit samples and where they begin in the recording, in seconds.

    `active` holds where in the recording the endpointer heard a voice, or took a noise for one, in seconds.
    """

    start_s: float
    samples: bytes
    active: tuple[tuple[float, float], ...] = ()

    def active_s(self, start_s: float, end_s: float) -> float:
        """For how many seconds between two moments there was a voice."""
        return sum(max(0.0, min(end, end_s) - max(start, start_s)) for start, end in self.active)

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
        self._active: list[tuple[float, float]] = []

    def feed(self, samples: bytes) -> Iterator[Utterance]:
        """Take the next samples, any number of them."""
        self._sound += samples
        while self._from + len(self._sound) - self._heard >= self._frame_bytes:
            yield from self._hear_frame()

    def finish(self) -> Iterator[Utterance]:
        """The recording is over: give what is left."""
        if self._start is not None:
            until = self._from + len(self._sound)
            yield self._take(until if self._end is None else min(self._end, until))

    def pending(self) -> tuple[int | None, bytearray, int]:
        """The utterance being collected: the byte of the recording it starts at, and a buffer with where in it.

        None where there is none. The buffer is the working one: look, and change nothing.
        """
        start = self._start
        return start, self._sound, (start or 0) - self._from

    def _hear_frame(self) -> Iterator[Utterance]:
        was_speech = self._endpointer.in_speech
        offset = self._heard - self._from
        self._endpointer.process(bytes(self._sound[offset : offset + self._frame_bytes]))
        self._heard += self._frame_bytes
        if self._endpointer.in_speech and not was_speech:
            yield from self._speech_begins(_bytes(self._endpointer.speech_start - PADDING_S))
        elif was_speech and not self._endpointer.in_speech:
            self._end = _bytes(self._endpointer.speech_end + PADDING_S)
        if self._endpointer.in_speech:
            self._note_activity()
        yield from self._let_go()

    def _speech_begins(self, at: int) -> Iterator[Utterance]:
        if self._start is not None and self._end is not None and at > self._end + self._patience():
            yield self._take(self._end)
        if self._start is None:
            self._start = max(at, self._from)
        self._end = None

    def _note_activity(self) -> None:
        now_s = _seconds(self._heard)
        start_s = self._endpointer.speech_start
        if self._active and self._active[-1][0] == start_s:
            self._active[-1] = (start_s, now_s)
        else:
            self._active.append((start_s, now_s))

    def _let_go(self) -> Iterator[Utterance]:
        """Give an utterance that is over or too long, and forget silence that no padding can reach."""
        reach = 2 * _bytes(WINDOW_S + PADDING_S)
        if self._start is None:
            self._forget(self._heard - reach)
        elif self._end is not None and self._heard > self._end + reach + self._patience():
            yield self._take(self._end)
        elif self._heard - self._start > _bytes(LONGEST_S):
            at = self._quietest()
            yield self._take(at)
            self._start = at

    def _patience(self) -> int:
        """How long the collected utterance waits for another to join it."""
        is_short = (self._end or 0) - (self._start or 0) < _bytes(SHORT_S)
        return _bytes(JOIN_S) if is_short else 0

    def _take(self, end: int) -> Utterance:
        start = self._start or 0
        samples = bytes(self._sound[start - self._from : end - self._from])
        utterance = Utterance(_seconds(start), samples, tuple(self._active))
        self._active = [(at, until) for at, until in self._active if until > _seconds(end)]
        self._forget(end)
        self._start = None
        return utterance

    def _forget(self, before: int) -> None:
        if before > self._from:
            del self._sound[: before - self._from]
            self._from = before

    def _quietest(self) -> int:
        """The middle of the quietest moment in the last stretch."""
        window = _bytes(QUIET_WINDOW_S)
        places = range(self._heard - _bytes(LAST_STRETCH_S), self._heard - window, _bytes(QUIET_WINDOW_S / 4))
        return min(places, key=lambda place: self._loudness(place, window)) + window // 2

    def _loudness(self, place: int, window: int) -> int:
        offset = place - self._from
        return sum(abs(sample) for sample in array("h", bytes(self._sound[offset : offset + window])))


def _bytes(seconds: float) -> int:
    return max(0, int(seconds * RATE_HZ)) * BYTES_A_SAMPLE


def _seconds(position: int) -> float:
    return position / BYTES_A_SAMPLE / RATE_HZ
