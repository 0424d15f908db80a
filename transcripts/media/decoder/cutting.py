"""Cut pieces out of provider audio, and measure it. What is before and after a piece isn't decoded."""

from __future__ import annotations

import math
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any

from av.audio.frame import AudioFrame

from transcripts.media import errors
from transcripts.media.decoder.encoding import Encoder
from transcripts.media.decoder.levels import Levels
from transcripts.media.decoder.opening import opened, parts_of
from transcripts.media.decoder.outputs import RATE
from transcripts.media.names import LEVELS_NAME, SLICE_NAME, clip_name

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def slice_of(order: dict[str, Any]) -> dict[str, Any]:
    """Write the order's `slice` (a pair of ms) as FLAC into its folder, as provider audio is. Raises a MediaError."""
    source, (from_ms, to_ms) = Path(order["source"]), order["slice"]
    encoder = Encoder(Path(order["folder"]) / SLICE_NAME, "flac", rate=RATE, layout="mono")
    with opened(source, parts_of(source)[0]) as container:
        for samples in _samples(container, from_ms * RATE // 1000, to_ms * RATE // 1000):
            if samples:
                encoder.write(_frame(samples))
    if not encoder.samples:
        raise errors.NoSound
    encoder.close()
    return {"samples": encoder.samples}


def _frame(samples: bytes) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples) // SAMPLE_BYTES)
    frame.sample_rate = RATE
    plane = frame.planes[0]
    plane.update(samples + bytes(plane.buffer_size - len(samples)))
    return frame


def measure(order: dict[str, Any]) -> dict[str, Any]:
    """Write how loud it is, a 32-bit float for so many ms each, into the order's folder. Raises a MediaError."""
    source, levels = Path(order["source"]), Levels(order["levels"] * RATE // 1000)
    with opened(source, parts_of(source)[0]) as container:
        for samples in _samples(container, 0, math.inf):
            levels.feed(array("h", samples), [])
    levels.finish()
    with (Path(order["folder"]) / LEVELS_NAME).open("wb") as out:
        levels.mix.tofile(out)
    return {"levels": len(levels.mix)}


def _samples(container: InputContainer, begin: int, end: float) -> Iterator[bytes]:
    """Yield the samples from `begin` to `end`, counted from the beginning of the audio."""
    stream = container.streams.audio[0]
    # To the last frame that begins before the piece; libav counts microseconds here
    container.seek(begin * 1_000_000 // RATE)
    for frame in container.decode(stream):
        first = _first_sample(frame)
        if first >= end:
            return
        inside = slice(
            max(0, begin - first) * SAMPLE_BYTES, int(max(0, min(frame.samples, end - first))) * SAMPLE_BYTES
        )
        yield bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES][inside]


def _first_sample(frame: AudioFrame) -> int:
    """Return where a frame begins. Provider audio is 16 kHz mono 16-bit, and anything else is none."""
    is_ours = frame.sample_rate == RATE and frame.format.name == "s16" and frame.layout.nb_channels == 1
    if not is_ours or frame.pts is None or frame.time_base is None:
        raise errors.Undecodable
    return round(frame.pts * frame.time_base * RATE)
