"""Beeps at known times: where they are in what was made of them tells whether times are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.sounds import ffmpeg, samples_of

if TYPE_CHECKING:
    from pathlib import Path

EVERY_MS = 2_000
STEP_MS = 5
LOUD = 1_500
QUIET_FOR_MS = 500


def write_beeps(path: Path, *, count: int, hertz: int = 440) -> Path:
    """A beep of 200 ms every two seconds, from the first sample on."""
    tone = f"if(lt(mod(t,{EVERY_MS / 1000}),0.2),0.5*sin(2*PI*{hertz}*t),0)"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='{tone}':s=48000:d={count * EVERY_MS / 1000}", path)
    return path


def beeps_in(audio: Path) -> list[int]:
    """The times (ms) at which beeps begin."""
    samples, step = samples_of(audio), 16 * STEP_MS
    found: list[int] = []
    quiet_ms = QUIET_FOR_MS
    for start in range(0, len(samples) - step, step):
        if max(samples[start : start + step]) < LOUD:
            quiet_ms += STEP_MS
            continue
        if quiet_ms >= QUIET_FOR_MS:
            found.append(start // 16)
        quiet_ms = 0
    return found
