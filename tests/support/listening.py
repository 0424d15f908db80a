"""Finding the speakers of a file, with speech found by silero as the speech server finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from speechserver.audio import RATE_HZ, read_samples
from speechserver.speakers import Voices

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PIECE_S = 30
VOICE_ACTIVITY = VadOptions(min_silence_duration_ms=160, speech_pad_ms=60)


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
