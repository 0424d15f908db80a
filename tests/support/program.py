"""The ffmpeg program, which tests make their files with; the application decodes by PyAV alone."""

from __future__ import annotations

import shutil

import imageio_ffmpeg


def ffmpeg() -> str:
    """Path of the ffmpeg binary: the wheel's, else the system's."""
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return shutil.which("ffmpeg") or "ffmpeg"
