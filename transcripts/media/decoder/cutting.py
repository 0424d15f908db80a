"""Cut pieces out of provider audio: what is before and after them isn't decoded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from transcripts.media import errors
from transcripts.media.decoder.opening import opened, parts_of
from transcripts.media.decoder.outputs import RATE
from transcripts.media.names import clip_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.frame import AudioFrame
    from av.container import InputContainer

SAMPLE_BYTES = 2


def cut(order: dict[str, Any]) -> dict[str, Any]:
    """Write each of the order's `spans` (pairs of ms) as raw samples into its folder. Raises a MediaError."""
    source, folder = Path(order["source"]), Path(order["folder"])
    for number, (from_ms, to_ms) in enumerate(order["spans"]):
        with opened(source, parts_of(source)[0]) as container, (folder / clip_name(number)).open("wb") as out:
            for samples in _samples(container, from_ms * RATE // 1000, to_ms * RATE // 1000):
                out.write(samples)
    return {"clips": len(order["spans"])}


def _samples(container: InputContainer, begin: int, end: int) -> Iterator[bytes]:
    """Yield the samples from `begin` to `end`, counted from the beginning of the audio."""
    stream = container.streams.audio[0]
    # To the last frame that begins before the piece; libav counts microseconds here
    container.seek(begin * 1_000_000 // RATE)
    for frame in container.decode(stream):
        first = _first_sample(frame)
        if first >= end:
            return
        inside = slice(max(0, begin - first) * SAMPLE_BYTES, max(0, min(frame.samples, end - first)) * SAMPLE_BYTES)
        yield bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES][inside]


def _first_sample(frame: AudioFrame) -> int:
    """Return where a frame begins. Provider audio is 16 kHz mono 16-bit, and anything else is none."""
    is_ours = frame.sample_rate == RATE and frame.format.name == "s16" and frame.layout.nb_channels == 1
    if not is_ours or frame.pts is None or frame.time_base is None:
        raise errors.Undecodable
    return round(frame.pts * frame.time_base * RATE)
