"""Small sounds made on the spot."""

from __future__ import annotations

import math
import struct
import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RATE_HZ = 16_000


def write_tone(path: Path, *, seconds: float = 1.0, hertz: float = 440.0, loudness: float = 0.3) -> Path:
    """A sine tone as a 16 kHz mono WAV file; loudness 0 makes silence."""
    count = round(seconds * RATE_HZ)
    samples = (round(32_767 * loudness * math.sin(2 * math.pi * hertz * place / RATE_HZ)) for place in range(count))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(struct.pack(f"<{count}h", *samples))
    return path
