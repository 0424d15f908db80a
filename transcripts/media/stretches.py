"""A stretch of a recording as a file of its own, cut from its provider audio: nothing else of it can be played."""

from __future__ import annotations

import wave
from array import array
from typing import IO, TYPE_CHECKING

from transcripts.media import errors
from transcripts.media.clips import RATE, SAMPLE_BYTES
from transcripts.media.names import clip_name
from transcripts.media.prepare import run_order
from transcripts.media.run import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

STRETCH_TYPE, STRETCH_EXTENSION = "audio/wav", "wav"
BOUNDS = Bounds(memory_bytes=2 * 1024**3, cpu_s=1800, file_bytes=4 * 1024**3)
BLOCK_BYTES = 1 << 20
LOWEST, HIGHEST = -(1 << 15), (1 << 15) - 1


def cut(source: Path, folder: Path, spans: Sequence[tuple[int, int]]) -> Path:
    """Write the spans of `source` (pairs of ms), at the same time, as a WAV file into `folder`. Raises a MediaError."""
    order = {"source": str(source), "folder": str(folder), "spans": [list(span) for span in spans]}
    run_order(order, BOUNDS, lambda share: None)
    pieces = [folder / clip_name(number) for number in range(len(spans))]
    if not any(piece.stat().st_size for piece in pieces):
        raise errors.NoSound
    target = folder / f"stretch.{STRETCH_EXTENSION}"
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(SAMPLE_BYTES)
        out.setframerate(RATE)
        for block in _mixed(pieces):
            out.writeframesraw(block)
    return target


def _mixed(pieces: Sequence[Path]) -> Iterator[bytes]:
    """Yield the pieces laid over each other, as long as the longest, block by block."""
    files = [piece.open("rb") for piece in pieces]
    try:
        while any(blocks := [file.read(BLOCK_BYTES) for file in files]):
            yield _sum([block for block in blocks if block])
    finally:
        _close(files)


def _sum(blocks: Sequence[bytes]) -> bytes:
    if len(blocks) == 1:
        return blocks[0]
    first, *others = sorted((array("h", block) for block in blocks), key=len, reverse=True)
    for other in others:
        for at, sample in enumerate(other):
            first[at] = max(LOWEST, min(HIGHEST, first[at] + sample))
    return first.tobytes()


def _close(files: Sequence[IO[bytes]]) -> None:
    for file in files:
        file.close()
