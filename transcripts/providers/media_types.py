"""What providers are told of the audio that they get: a name with an extension, and its type.

Servers that others wrote tell a format by either. The name is never the one that people gave a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.providers.base import Options

UNKNOWN = "application/octet-stream"
TYPES = {
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
}


def type_of(audio: Path, options: Options) -> str:
    """Return the content type: what is known of the audio, else what its extension says."""
    return options.content_type or TYPES.get(audio.suffix.lower(), UNKNOWN)


def name_of(audio: Path, options: Options) -> str:
    """Return the file's name, with the extension of its type if it has none."""
    if audio.suffix:
        return audio.name
    extensions = (extension for extension, known in TYPES.items() if known == type_of(audio, options))
    return audio.name + next(extensions, "")
