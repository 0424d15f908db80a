"""What every present browser plays."""

from __future__ import annotations

# container → (audio codecs, picture codecs, type without and with picture)
PLAYABLE: dict[str, tuple[set[str], set[str], str, str]] = {
    "mp3": ({"mp3", "mp3float"}, {""}, "audio/mpeg", ""),
    "wav": ({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"}, {""}, "audio/wav", ""),
    "flac": ({"flac"}, {""}, "audio/flac", ""),
    "ogg": ({"vorbis", "opus", "flac"}, {""}, "audio/ogg", ""),
    "mov,mp4,m4a,3gp,3g2,mj2": ({"aac", "mp3", "mp3float"}, {"", "h264"}, "audio/mp4", "video/mp4"),
    "matroska,webm": ({"vorbis", "opus"}, {"", "vp8", "vp9", "av1", "libdav1d"}, "audio/webm", "video/webm"),
}


def playable_type(container: str, audio: str, video: str, claimed_ms: int | None) -> str:
    """Return the content type browsers play such a file as, empty if they can't.

    Without a length in its header a file can't be sought in, so it doesn't count as playable.
    """
    sounds, pictures, sound_type, picture_type = PLAYABLE.get(container, (set(), set(), "", ""))
    if audio not in sounds or video not in pictures or not claimed_ms:
        return ""
    return picture_type if video else sound_type
