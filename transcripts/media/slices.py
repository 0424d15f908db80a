"""Slices of provider audio: where it is loud, so that it is cut in silences, and one slice as a file of its own."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from transcripts.media.names import LEVELS_NAME, SLICE_NAME
from transcripts.media.prepare import run_order
from transcripts.media.run import Bounds

if TYPE_CHECKING:
    from pathlib import Path

BOUNDS = Bounds(memory_bytes=2 * 1024**3, cpu_s=1800, file_bytes=4 * 1024**3)
# What one level is of
WINDOW_MS = 100
# The most that a second of audio can be as FLAC, which stores what it can't compress; and what a file has besides
BYTES_A_SECOND, HEAD_BYTES = 33_000, 16_384


def levels(source: Path, folder: Path, window_ms: int = WINDOW_MS) -> array[float]:
    """Return the mean square of each window of `source`, measured in `folder` as it is decoded. Raises a MediaError."""
    run_order({"source": str(source), "folder": str(folder), "levels": window_ms}, BOUNDS, lambda share: None)
    found = array("f")
    found.frombytes((folder / LEVELS_NAME).read_bytes())
    return found


def cut(source: Path, folder: Path, from_ms: int, to_ms: int) -> Path:
    """Write a slice of `source` into `folder`, as FLAC like the whole. Raises a MediaError."""
    run_order({"source": str(source), "folder": str(folder), "slice": [from_ms, to_ms]}, BOUNDS, lambda share: None)
    return folder / SLICE_NAME
