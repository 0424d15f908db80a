"""Small sounds made on the spot."""

from __future__ import annotations

import math
import struct
import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RATE_HZ = 16_000


def write_tone(path: Path, *, seconds: float = 1.0, hertz: int = 440, loudness: float = 0.3) -> Path:
    """A sine tone as a 16 kHz mono WAV file; loudness 0 makes silence."""
    angles = (2 * math.pi * hertz * place / RATE_HZ for place in range(RATE_HZ))
    second = struct.pack(f"<{RATE_HZ}h", *(round(32_767 * loudness * math.sin(angle)) for angle in angles))
    count = round(seconds * RATE_HZ)
    sound = second * (count // RATE_HZ + 1)
    return write_sound(path, sound[: 2 * count])


def write_sound(path: Path, samples: bytes) -> Path:
    """16-bit samples as a 16 kHz mono WAV file."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples)
    return path
