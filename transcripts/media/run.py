"""The only place that starts a subprocess."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import imageio_ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONFINE = Path(__file__).with_name("confine.py")

# What uploads may be. Playlists and anything else that names further files or addresses are not among them.
FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,asf,au,avi,caf,dts,eac3,flac,flv,gsm,m4v,matroska,mov,mp2,mp3,mpeg,mpegts,mpegvideo,"
    "mxf,nut,ogg,oma,rm,tta,voc,w64,wav,wv"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a confined program may use: bytes of address space, seconds of processor, bytes a written file."""

    memory_bytes: int
    cpu_s: int
    file_bytes: int


def ffmpeg() -> str:
    """Path of the ffmpeg binary: the wheel's, else the system's."""
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return shutil.which("ffmpeg") or "ffmpeg"


@contextmanager
def confined(
    arguments: Sequence[str | Path], bounds: Bounds, *, errors: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program confined, its output a pipe; it is killed when the block is left before its end."""
    limits = (str(bounds.memory_bytes), str(bounds.cpu_s), str(bounds.file_bytes))
    command = [sys.executable, "-I", "-S", str(CONFINE), *limits, *(str(argument) for argument in arguments)]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
