"""Say what an open container holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from av.stream import Disposition

from transcripts.media import errors
from transcripts.media.playable import playable_type
from transcripts.media.tracks import Track, language_of, title_of

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.codeccontext import AudioCodecContext
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.stream import Stream

# Recorders of notes sample 4,000 times a second; less is a header that lies, and work without end.
LOWEST_RATE = 3_000
MAGIC: dict[bytes, type[errors.MediaError]] = {
    b"\x03ds2": errors.UnsupportedDS2,
    b"\x01ds2": errors.UnsupportedDS2,
    b"\x03enc": errors.UnsupportedDS2,
    b"MThd": errors.UnsupportedMIDI,
}
# Windows Media with copy protection says so in its header
ASF, ASF_ENCRYPTION, SEARCH = b"\x30\x26\xb2\x75", bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"), 64 * 1024
# How MP4 files call audio that only a licensed player decrypts
ENCRYPTED = ("drms", "enca", "aavd")
# Containers whose header or index knows how long the audio is; others only guess it from their bytes.
KNOWING = {
    *("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "asf", "flv", "mxf", "ogg"),
    *("wav", "w64", "aiff", "caf", "au", "flac", "wv", "ape", "tta", "tak", "dsf", "mpc", "mpc8", "nistsphere"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself. `claimed_ms` is its header's word for its length, which may be a lie."""

    container: str
    video: str
    claimed_ms: int | None
    knows_length: bool
    tracks: list[Track]

    @property
    def playable_type(self) -> str:
        """The content type browsers play this file as, empty if they can't."""
        return playable_type(self.container, self.tracks[0].codec, self.video, self.claimed_ms)

    def claimed_end_ms(self, track: Track) -> int | None:
        """Return where the track ends, as the file says; None if it only guesses."""
        if not self.knows_length:
            return None
        if track.end_ms:
            return track.end_ms
        return None if self.video or len(self.tracks) > 1 else self.claimed_ms


def refuse_known(path: Path) -> None:
    """Raise what is to be said of files that are known not to be readable."""
    with path.open("rb") as file:
        start = file.read(SEARCH)
    head = start[:8]
    if not head:
        raise errors.EmptyFile
    if refusal := MAGIC.get(head[:4]):
        raise refusal
    if head[:4] == ASF and ASF_ENCRYPTION in start:
        raise errors.UnsupportedCodec


def unreadable(path: Path) -> errors.MediaError:
    """Return what is to be said of a file that could not be opened."""
    with path.open("rb") as file:
        return errors.IncompleteFile() if file.read(8)[4:] == b"ftyp" else errors.NotMedia()


def describe(container: InputContainer, path: Path) -> Facts:
    """Describe the container and its audio tracks. Raises a MediaError if none of them can be decoded."""
    if not container.streams.audio:
        raise errors.NoSoundTrack
    tracks = [_track(number, stream, container) for number, stream in enumerate(container.streams.audio, start=1)]
    if not any(track.codec for track in tracks):
        raise errors.UnsupportedCodec
    if any(0 < track.sample_rate < LOWEST_RATE for track in tracks):
        raise errors.RateTooLow
    # A cover picture is no video
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    return Facts(
        container=container.format.name,
        video=pictures[0].codec_context.name if pictures and pictures[0].codec_context else "",
        claimed_ms=container.duration // 1000 if container.duration else None,
        knows_length=container.format.name in KNOWING or (container.format.name == "mp3" and _has_xing(path)),
        tracks=tracks,
    )


def _track(number: int, stream: AudioStream, container: InputContainer) -> Track:
    context = stream.codec_context
    zero_ms = (container.start_time or 0) // 1000
    duration_ms = _ms(stream, stream.duration)
    # Without a start of its own a stream begins with the file
    start_ms = zero_ms if stream.start_time is None else _ms(stream, stream.start_time) or 0
    return Track(
        number=number,
        codec=context.name if context and not _is_encrypted(context) else "",
        channels=context.channels if context else 0,
        sample_rate=context.sample_rate if context else 0,
        title=title_of(dict(stream.metadata)),
        language=language_of(dict(stream.metadata)),
        is_default=bool(stream.disposition & Disposition.default),
        end_ms=start_ms - zero_ms + duration_ms if duration_ms else _tagged_end_ms(dict(stream.metadata)),
    )


def _is_encrypted(context: AudioCodecContext) -> bool:
    try:
        return context.codec_tag in ENCRYPTED
    except ValueError:  # a tag that is no letters
        return False


def _ms(stream: Stream, time: int | None) -> int | None:
    return None if time is None or not stream.time_base else int(time * stream.time_base * 1000)


def _tagged_end_ms(tags: dict[str, str]) -> int | None:
    """Return the end that Matroska files note beside each track, "00:00:11.023000000", and call its duration."""
    try:
        hours, minutes, seconds = tags["DURATION"].split(":")
        return (int(hours) * 60 + int(minutes)) * 60_000 + int(float(seconds) * 1000)
    except (KeyError, ValueError):
        return None


def _has_xing(path: Path) -> bool:
    """Tell whether an MP3 file counts its frames, in a first frame behind the tags at its beginning."""
    with path.open("rb") as file:
        head = file.read(10)
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=False))
        file.seek(10 + size if head[:3] == b"ID3" else 0)
        start = file.read(4096)
    return b"Xing" in start or b"Info" in start
