"""Short clips of a recording, cut from its provider audio (decision 19). The only module that uses pydub."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from transcripts.media import errors
from transcripts.media.names import clip_name
from transcripts.media.prepare import run_order
from transcripts.media.run import Bounds

# pydub warns of the ffmpeg that it doesn't find and never needs here, and of what Python will no longer have.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LONGEST_MS = 60_000
CLIP_TYPE, CLIP_EXTENSION = "audio/wav", "wav"
RATE, SAMPLE_BYTES = 16_000, 2
# Audio that begins in the middle of a wave clicks.
FADE_MS = 8
BOUNDS = Bounds(memory_bytes=2 * 1024**3, cpu_s=60, file_bytes=16 * 1024**2)


def cut(source: Path, folder: Path, spans: Sequence[tuple[int, int]]) -> bytes:
    """Return a WAV file with the spans of `source` (pairs of ms, each at most a minute) at the same time, as a mix.

    Only the spans are decoded, by a confined process that writes to `folder`. Raises a MediaError.
    """
    if any(not 0 < to_ms - from_ms <= LONGEST_MS for from_ms, to_ms in spans):
        raise ValueError("A clip is longer than nothing and at most a minute.")
    order = {"source": str(source), "folder": str(folder), "spans": [list(span) for span in spans]}
    run_order(order, BOUNDS, lambda share: None)
    pieces = [_piece(folder / clip_name(number)) for number in range(len(spans))]
    clip = _mixed([piece for piece in pieces if len(piece)])
    fade_ms = min(FADE_MS, len(clip) // 2)
    file = BytesIO()
    clip.fade_in(fade_ms).fade_out(fade_ms).export(file, format="wav")
    return file.getvalue()


def _piece(path: Path) -> AudioSegment:
    return AudioSegment(data=path.read_bytes(), sample_width=SAMPLE_BYTES, frame_rate=RATE, channels=1)


def _mixed(pieces: list[AudioSegment]) -> AudioSegment:
    """Lay the pieces over each other, as long as the longest."""
    if not pieces:
        raise errors.NoSound
    first, *others = sorted(pieces, key=len, reverse=True)
    for other in others:
        first = first.overlay(other)
    return first
