"""Names and types of what is made of a file."""

from __future__ import annotations

AUDIO_NAME = "audio.flac"
PLAYBACK_NAME = "playback.m4a"
PEAKS_NAME = "peaks.json"
SLICE_NAME = "slice.flac"
LEVELS_NAME = "levels.f32"
PLAYBACK_TYPE = "audio/mp4"


def clip_name(number: int) -> str:
    """Return the name of a piece of audio that is cut for a clip, as raw samples."""
    return f"clip-{number}.raw"
