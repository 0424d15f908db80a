"""What a file is, before any of it is decoded."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcripts.media import errors
from transcripts.media.run import FORMATS, Bounds, confined

BOUNDS = Bounds(memory_bytes=2 * 1024**3, cpu_s=30, file_bytes=0)
INSPECT = Path(__file__).with_name("inspect.py")

# What every present browser plays: container → (sound codecs, picture codecs, type without and with picture)
PLAYABLE: dict[str, tuple[set[str], set[str], str, str]] = {
    "mp3": ({"mp3", "mp3float"}, {""}, "audio/mpeg", ""),
    "wav": ({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"}, {""}, "audio/wav", ""),
    "flac": ({"flac"}, {""}, "audio/flac", ""),
    "ogg": ({"vorbis", "opus", "flac"}, {""}, "audio/ogg", ""),
    "mov,mp4,m4a,3gp,3g2,mj2": ({"aac", "mp3", "mp3float"}, {"", "h264"}, "audio/mp4", "video/mp4"),
    "matroska,webm": ({"vorbis", "opus"}, {"", "vp8", "vp9", "av1", "libdav1d"}, "audio/webm", "video/webm"),
}


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file says of itself. `claimed_ms` is its header's word for its length, which may be a lie."""

    container: str
    audio: str
    video: str
    channels: int
    claimed_ms: int | None

    @property
    def playable_type(self) -> str:
        """The content type browsers play this file as, empty where they cannot.

        Without a length in its header a file cannot be sought in, so it does not count as playable.
        """
        sounds, pictures, sound_type, picture_type = PLAYABLE.get(self.container, (set(), set(), "", ""))
        if self.audio not in sounds or self.video not in pictures or not self.claimed_ms:
            return ""
        return picture_type if self.video else sound_type


def probe(path: Path) -> Probe:
    """Say what the file is. Raises a MediaError where it is nothing that can be transcribed."""
    if path.stat().st_size == 0:
        raise errors.EmptyFile
    found = _inspect(path)
    if found.get("error") == "no_sound_track":
        raise errors.NoSoundTrack
    if "error" in found:
        raise errors.IncompleteFile if _is_mp4(path) else errors.NotMedia
    return Probe(**found)


def _inspect(path: Path) -> dict[str, Any]:
    """Ask the inspector; one that crashed or took too much has found nothing readable."""
    with (
        tempfile.TemporaryFile() as complaints,
        confined([sys.executable, "-P", INSPECT, path, FORMATS], BOUNDS, errors=complaints) as process,
    ):
        output, _ = process.communicate()
    try:
        found: dict[str, Any] = json.loads(output)
    except ValueError:
        return {"error": "unreadable"}
    return found


def _is_mp4(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8)[4:] == b"ftyp"
