"""Decode any recording to 16 kHz mono samples, a piece at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import av.error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE_HZ = 16_000
# 16-bit samples
FULL_SCALE = 32768.0
BYTES_A_SAMPLE = 2
# Containers that hold audio themselves. Playlists, which make the decoder open other files, are not among them.
CONTAINERS = (
    "wav,w64,aiff,au,caf,mp3,aac,flac,ogg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,amr,amrnb,amrwb,asf,avi,flv,"
    "mpegts,mpeg,ac3,eac3,ape,wv,tta,dsf"
)


class InvalidAudio(Exception):
    """The file holds no audio that can be decoded. The message is a sentence for people."""


def read_samples(path: Path) -> Iterator[tuple[bytes, float]]:
    """Decode the first audio track into 16-bit little-endian samples at 16 kHz, one channel.

    Yields each piece with the share of the file read so far, 0 to 1. Damaged stretches are skipped.
    Raises InvalidAudio if there is no track, or nothing of it can be decoded.
    """
    try:
        # Limited to this one file: a playlist disguised as a recording must open nothing else.
        limits = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
        container = av.open(str(path), options=limits)
    except (av.error.FFmpegError, ValueError) as error:
        raise InvalidAudio("Audio could not be decoded") from error
    with container:
        if not container.streams.audio:
            raise InvalidAudio("The file has no audio track")
        yield from _decode(container, path.stat().st_size)


def _decode(container: Any, size: int) -> Iterator[tuple[bytes, float]]:
    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    size_decoded, share = 0, 0.0
    for packet in _packets(container, stream):
        if packet.pos is not None and size:
            share = max(share, min(1.0, packet.pos / size))
        samples = b"".join(_samples(resampler, packet))
        size_decoded += len(samples)
        if samples:
            yield samples, share
    rest = b"".join(_plane(frame) for frame in resampler.resample(None)) if size_decoded else b""
    if not size_decoded:
        raise InvalidAudio("Audio could not be decoded")
    yield rest, 1.0


def _packets(container: Any, stream: Any) -> Iterator[Any]:
    try:
        yield from container.demux(stream)
    except (av.error.FFmpegError, ValueError):
        return  # a truncated file; what came before is intact


def _samples(resampler: Any, packet: Any) -> Iterator[bytes]:
    try:
        frames = packet.decode()
    except (av.error.FFmpegError, ValueError):
        return  # a damaged packet or an unknown codec; what follows may be intact
    for frame in frames:
        for piece in resampler.resample(frame):
            yield _plane(piece)


def _plane(frame: Any) -> bytes:
    # The plane is padded for alignment; only the samples are audio.
    return bytes(frame.planes[0])[: frame.samples * BYTES_A_SAMPLE]
