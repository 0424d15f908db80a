"""From what was uploaded to what providers and browsers get, in one streamed decode."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from subprocess import TimeoutExpired
from typing import IO, TYPE_CHECKING

from transcripts.media import errors
from transcripts.media.peaks import RATE_HZ, Peaks
from transcripts.media.probe import Probe, probe
from transcripts.media.run import FORMATS, Bounds, confined, ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

BOUNDS = Bounds(memory_bytes=3 * 1024**3, cpu_s=4 * 3600, file_bytes=16 * 1024**3)
READ_BYTES = 256 * 1024
ASK_EVERY_S = 0.5
# A header may be off by rounding, padding or a lost frame; more than this and browsers would show a wrong length.
LENGTH_SLACK_MS = 2_000

AUDIO_NAME = "audio.flac"
PLAYBACK_NAME = "playback.m4a"
PEAKS_NAME = "peaks.json"
PLAYBACK_TYPE = "audio/mp4"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made of a file. `duration_ms` is counted in decoded samples.

    `playback` is None where browsers play the original as `original_type`.
    """

    duration_ms: int
    has_video: bool
    original_type: str
    audio: Path
    peaks: Path
    playback: Path | None


def prepare(source: Path, folder: Path, progress: Callable[[float | None], None]) -> Prepared:
    """Make provider audio, waveform and, where needed, a playback copy of `source` in `folder`.

    The provider audio is 16 kHz mono 16-bit FLAC: lossless for recognisers, a hundredth of a video. `progress`
    is called all along, with 0 to 1 where the header tells a length, else None; an exception from it ends the work.
    Raises a MediaError.
    """
    found = probe(source)
    original_type = found.playable_type
    peaks = Peaks()
    _decode(source, folder, found, peaks, progress, with_playback=not original_type)
    if not peaks.samples:
        raise errors.NoSound
    if original_type and not _believable(found, peaks.duration_ms):
        original_type = ""
        _decode(folder / AUDIO_NAME, folder, found, None, progress, with_playback=True)
    (folder / PEAKS_NAME).write_bytes(peaks.as_json())
    return Prepared(
        duration_ms=peaks.duration_ms,
        has_video=bool(found.video),
        original_type=original_type,
        audio=folder / AUDIO_NAME,
        peaks=folder / PEAKS_NAME,
        playback=None if original_type else folder / PLAYBACK_NAME,
    )


def _decode(
    source: Path,
    folder: Path,
    found: Probe,
    peaks: Peaks | None,
    progress: Callable[[float | None], None],
    *,
    with_playback: bool,
) -> None:
    command = [ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y", "-threads", "1"]
    command += ["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS, "-i", f"file:{source}"]
    command += _outputs(folder, with_audio=peaks is not None, with_playback=with_playback)
    with tempfile.TemporaryFile() as complaints, confined(command, BOUNDS, errors=complaints) as process:
        assert process.stdout is not None
        if peaks is not None:
            _listen(process.stdout, peaks, found, progress)
        status = _end_of(process, progress)
    if status != 0:
        raise errors.Undecodable


def _outputs(folder: Path, *, with_audio: bool, with_playback: bool) -> list[str]:
    """ffmpeg's outputs: all from one decode of the first sound track, without the source's tags."""
    first = ["-map", "0:a:0", "-map_metadata", "-1"]
    outputs: list[str] = []
    if with_playback:
        outputs += [*first, "-ac", "2", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"]
        outputs += [str(folder / PLAYBACK_NAME)]
    if with_audio:
        outputs += [*first, "-ac", "1", "-ar", "16000", "-c:a", "flac", "-sample_fmt", "s16", str(folder / AUDIO_NAME)]
        outputs += [*first, "-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    return outputs


def _listen(sound: IO[bytes], peaks: Peaks, found: Probe, progress: Callable[[float | None], None]) -> None:
    """Read the decoded sound to its end."""
    odd = b""
    while block := sound.read(READ_BYTES):
        block = odd + block
        whole = len(block) & ~1
        odd = block[whole:]
        peaks.feed(block[:whole])
        progress(min(peaks.duration_ms / found.claimed_ms, 1.0) if found.claimed_ms else None)


def _end_of(process: Popen[bytes], progress: Callable[[float | None], None]) -> int:
    """Wait for the program's exit status; whoever waits for it may still end it."""
    while True:
        try:
            return process.wait(ASK_EVERY_S)
        except TimeoutExpired:
            progress(1.0)


def _believable(found: Probe, duration_ms: int) -> bool:
    # Pictures often go on a little after their sound.
    slack = max(LENGTH_SLACK_MS, duration_ms // (10 if found.video else 50))
    return found.claimed_ms is not None and abs(found.claimed_ms - duration_ms) <= slack
