"""From what was uploaded to what providers and browsers get, in one streamed decode that runs confined."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transcripts.media import errors
from transcripts.media.names import AUDIO_NAME, PEAKS_NAME, PLAYBACK_NAME
from transcripts.media.run import Bounds, confined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

BOUNDS = Bounds(memory_bytes=3 * 1024**3, cpu_s=4 * 3600, file_bytes=16 * 1024**3)
DESCRIBING = Bounds(memory_bytes=2 * 1024**3, cpu_s=30, file_bytes=1024**2)
DECODER: tuple[str | Path, ...] = (sys.executable, "-P", Path(__file__).parent / "decoder" / "start.py")
MOST_HOURS = 24.0
UNCONFINED = 70


@dataclass(frozen=True, slots=True)
class Span:
    """Where a track is in the provider audio, and what people call it."""

    label: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made of a file. Times count from the zero of the player's clock, silence in the file included.

    `playback` is None if browsers play the original as `original_type`. `layout` says which track is where in the
    provider audio, whose samples have the digest `audio_sha256`; `tracks` lists all that the file has, and `notices`
    what a person should know, each as its code and values.
    """

    duration_ms: int
    has_video: bool
    original_type: str
    audio: Path
    peaks: Path
    playback: Path | None
    audio_sha256: str
    layout: list[Span] = field(default_factory=list)
    tracks: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)


def prepare(
    source: Path,
    folder: Path,
    progress: Callable[[float | None], None],
    *,
    wanted: list[int] | None = None,
    splits: bool = False,
    most_hours: float = MOST_HOURS,
) -> Prepared:
    """Make provider audio, waveform and, if needed, a playback copy of `source` in `folder`.

    The provider audio is 16 kHz mono 16-bit FLAC: lossless for recognisers, a hundredth of a video; of several audio
    tracks, one behind the other. `wanted` are the numbers of the tracks a person chose. With `splits`, two channels
    that each have a voice of their own are laid as tracks are. `progress` is called all along, with 0 to 1 if the
    header tells a length, else None; an exception from it ends the work.
    Raises a MediaError.
    """
    order = {
        "source": str(source),
        "folder": str(folder),
        "wanted": wanted or [],
        "splits": splits,
        "most_ms": round(most_hours * 3_600_000),
    }
    try:
        result = run_order(order, BOUNDS, progress)
    except errors.TooLong:
        raise errors.TooLong(most_hours) from None
    original_type = result.pop("original_type")
    return Prepared(
        original_type=original_type,
        audio=folder / AUDIO_NAME,
        peaks=folder / PEAKS_NAME,
        playback=None if original_type else folder / PLAYBACK_NAME,
        layout=[Span(**span) for span in result.pop("layout")],
        **result,
    )


def describe(source: Path) -> dict[str, Any]:
    """Return what a file says of itself, its audio tracks and the type browsers play it as. Raises a MediaError."""
    return run_order({"source": str(source), "folder": ""}, DESCRIBING, lambda share: None)


def run_order(order: dict[str, Any], bounds: Bounds, progress: Callable[[float | None], None]) -> dict[str, Any]:
    """Let a confined decoder do what is ordered; return its result. Raises a MediaError."""
    command = [*DECODER, json.dumps(order)]
    source, folder = Path(order["source"]), Path(order["folder"]) if order["folder"] else None
    with (
        tempfile.TemporaryFile() as complaints,
        confined(command, bounds, errors=complaints, reads=[source], writes=folder) as process,
    ):
        for line in _lines(process):
            if "result" in line:
                result: dict[str, Any] = line["result"]
                return result
            if line.get("error") == "full_disk":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if "error" in line:
                raise errors.BY_CODE[line["error"]]
            progress(line["share"])
        if process.wait() == UNCONFINED:
            raise RuntimeError("The kernel refused to confine a decoder, so it was not started.")
    raise errors.Undecodable


def _lines(process: Popen[bytes]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)
