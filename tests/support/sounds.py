"""ffmpeg, for making inputs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.support import program

if TYPE_CHECKING:
    from pathlib import Path


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg; it must succeed."""
    subprocess.run([program.ffmpeg(), "-v", "error", "-y", "-nostdin", *map(str, arguments)], check=True)


def samples_of(audio: Path, rate: int = 16_000) -> memoryview:
    """The samples of an audio file as 16-bit mono."""
    command = [program.ffmpeg(), "-v", "error", "-i", str(audio), "-f", "s16le", "-ac", "1", "-ar", str(rate), "pipe:1"]
    sound = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return memoryview(sound).cast("h")
