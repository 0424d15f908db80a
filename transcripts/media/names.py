"""Names and types of what is made of a file."""

from __future__ import annotations

AUDIO_NAME = "audio.flac"
PLAYBACK_NAME = "playback.m4a"
PEAKS_NAME = "peaks.json"
PLAYBACK_TYPE = "audio/mp4"
