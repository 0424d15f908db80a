"""Audio that tests make on the spot, and what is in audio that was made of it."""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
import wave
from typing import TYPE_CHECKING

import imageio_ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

RATE_HZ = 16_000
BEEP_EVERY_MS = 2_000
BEEP_STEP_MS = 5
LOUD = 1_500
QUIET_FOR_MS = 500


def write_tone(path: Path, *, seconds: float = 1.0, hertz: int = 440, loudness: float = 0.3) -> Path:
    """Write a sine tone as a 16 kHz mono WAV file; loudness 0 makes silence."""
    angles = (2 * math.pi * hertz * place / RATE_HZ for place in range(RATE_HZ))
    second = struct.pack(f"<{RATE_HZ}h", *(round(32_767 * loudness * math.sin(angle)) for angle in angles))
    count = round(seconds * RATE_HZ)
    samples = second * (count // RATE_HZ + 1)
    return write_sound(path, samples[: 2 * count])


def write_sound(path: Path, samples: bytes) -> Path:
    """Write 16-bit samples as a 16 kHz mono WAV file."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples)
    return path


def ffmpeg_path() -> str:
    """Return the path of the ffmpeg binary: the wheel's, else the system's. Only tests need one."""
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return shutil.which("ffmpeg") or "ffmpeg"


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg; it must succeed."""
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", "-nostdin", *map(str, arguments)], check=True)


def samples_of(audio: Path, rate: int = RATE_HZ) -> memoryview:
    """Return the samples of an audio file as 16-bit mono."""
    command = [ffmpeg_path(), "-v", "error", "-i", str(audio), "-f", "s16le", "-ac", "1", "-ar", str(rate), "pipe:1"]
    samples = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return memoryview(samples).cast("h")


def write_beeps(path: Path, *, count: int, hertz: int = 440) -> Path:
    """Write a beep of 200 ms every two seconds, from the first sample on: they tell whether times are right."""
    tone = f"if(lt(mod(t,{BEEP_EVERY_MS / 1000}),0.2),0.5*sin(2*PI*{hertz}*t),0)"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='{tone}':s=48000:d={count * BEEP_EVERY_MS / 1000}", path)
    return path


def beeps_in(audio: Path) -> list[int]:
    """Return the times (ms) at which beeps begin."""
    samples, step = samples_of(audio), 16 * BEEP_STEP_MS
    found: list[int] = []
    quiet_ms = QUIET_FOR_MS
    for start in range(0, len(samples) - step, step):
        if max(samples[start : start + step]) < LOUD:
            quiet_ms += BEEP_STEP_MS
            continue
        if quiet_ms >= QUIET_FOR_MS:
            found.append(start // 16)
        quiet_ms = 0
    return found
