"""Speakers: made-up ones, whose embeddings and signals are known, and those that are found in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from speechserver.audio import read_samples
from speechserver.speakers.diarisation import Voices
from speechserver.speakers.encoder import SIZE, Encoder
from speechserver.speakers.spectrum import RATE_HZ

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PIECE_S = 30
VOICE_ACTIVITY = VadOptions(min_silence_duration_ms=160, speech_pad_ms=60)
STEP_S = 0.5
WINDOW_S = 1.6
# Windows of one voice are similar by 0.76 on average, as real ones are.
SPREAD = np.sqrt((1 / 0.76 - 1) / SIZE)


class Told(Encoder):
    """An encoder that is told what it will find, for recordings of any length without their audio."""

    def __init__(self) -> None:
        """Take no weights."""


class Speakers:
    """Made-up speakers. `alike` is the similarity between any two of them, 0.6 as of real people."""

    def __init__(self, count: int, *, alike: float = 0.6) -> None:
        self._chance = np.random.default_rng(20)
        own, _ = np.linalg.qr(self._chance.standard_normal((SIZE, count + 1)))
        self._voices = np.sqrt(alike) * own[:, 0] + np.sqrt(1 - alike) * own.T[1:]

    def say(self, speaker: int, windows: int) -> NDArray[np.float32]:
        """Return the embeddings of as many windows of a speaker, from 0."""
        spread = self._chance.standard_normal((windows, SIZE)) * SPREAD
        points = self._voices[speaker] + spread
        return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float32)


def recorded(speakers: Speakers, turns: list[tuple[int, int]]) -> Voices:
    """Return a recording in which speakers, from 0, talk for as many windows each, half a second apart."""
    voices = Voices(Told())
    at = 0.0
    for speaker, windows in turns:
        starts = at + STEP_S * np.arange(windows)
        voices.hold(
            [(at, float(starts[-1] + WINDOW_S))],
            np.stack([starts, starts + WINDOW_S], axis=1),
            speakers.say(speaker, windows),
        )
        at = float(starts[-1] + WINDOW_S) + 0.3
    return voices


def harmonics(pitch_hz: int, seconds: float) -> NDArray[np.float32]:
    """Return a tone with twenty harmonics that swells three times a second."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * pitch_hz * number * times) / number for number in range(1, 21))
    swelling = 0.05 * (1 + 0.3 * np.sin(2 * np.pi * 3 * times))
    return np.asarray(swelling * tones, dtype=np.float32)


def samples_of(path: Path) -> NDArray[np.float32]:
    """Return the samples of a file: 16 kHz, mono, -1 to 1."""
    pieces = [np.frombuffer(piece, np.int16) for piece, _ in read_samples(path)]
    return np.concatenate(pieces).astype(np.float32) / np.float32(32768)


def speech_in(samples: NDArray[np.float32], options: VadOptions = VOICE_ACTIVITY) -> list[tuple[float, float]]:
    """Return the spans in which someone talks, in seconds."""
    spans: list[dict[str, Any]] = get_speech_timestamps(samples, options)
    return [(span["start"] / RATE_HZ, span["end"] / RATE_HZ) for span in spans]


def listen(samples: NDArray[np.float32], spans: list[tuple[float, float]]) -> Voices:
    """Return the voices of a recording that is added in pieces."""
    voices = Voices()
    for at in range(0, len(samples), PIECE_S * RATE_HZ):
        start, end = at / RATE_HZ, at / RATE_HZ + PIECE_S
        own = [(max(start, first), min(end, last)) for first, last in spans if first < end and last > start]
        voices.add(samples[at : at + PIECE_S * RATE_HZ], start, own)
    return voices
