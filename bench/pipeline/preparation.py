"""Preparing a long video against bare ffmpeg making the same outputs, in turn, and the memory of worker and decoder.

    python -m bench.pipeline.preparation [--minutes M] [--rounds N]

Two videos of the same tracks: one that browsers play (audio and waveform), one that they don't (a copy as well).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import imageio_ffmpeg
import psutil

from bench.report import report
from transcripts.media.prepare import prepare

FFMPEG = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-loglevel", "error"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency=220:duration=60,tremolo=f=3", "-f", "lavfi", "-i", "anoisesrc=d=60"]
PICTURES = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=60", "-filter_complex", "[0][1]amerge=inputs=2[a]"]
CODECS = ["-map", "2:v", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-ar", "48000"]
AUDIO = ["-map", "0:a:0", "-ac", "1", "-ar", "16000", "-sample_fmt", "s16"]
WAVEFORM = ["-map", "0:a:0", "-ac", "1", "-ar", "8000", "-f", "s16le", "/dev/null"]
COPY = ["-map", "0:a:0", "-ac", "2", "-c:a", "aac", "-b:a", "96k"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(sys.argv[1:] if Path(sys.argv[0]).stem == "preparation" else [])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run(*SOUND, *PICTURES, *CODECS, folder / "minute.mp4")
        (folder / "list").write_text(f"file {folder / 'minute.mp4'}\n" * options.minutes)
        for suffix in ("mp4", "mkv"):
            video = folder / f"long.{suffix}"
            _run("-f", "concat", "-safe", "0", "-i", folder / "list", "-c", "copy", video)
            _measure(video, folder, options.minutes, options.rounds)
            video.unlink()


def _run(*arguments: str | Path) -> None:
    subprocess.run([*FFMPEG, *arguments], check=True)


def _measure(video: Path, folder: Path, minutes: int, rounds: int) -> None:
    ours, bare, memory, cpu = [], [], 0, _cpu_s()
    our_cpu = bare_cpu = 0.0
    for _ in range(rounds):
        with _Memory() as used, tempfile.TemporaryDirectory(dir=folder) as made:
            began = time.monotonic()
            prepared = prepare(video, Path(made), lambda share: None)
            ours.append(time.monotonic() - began)
        memory = max(memory, used.most)
        our_cpu, cpu = our_cpu + _cpu_s() - cpu, _cpu_s()
        copy: list[str | Path] = [*COPY, folder / "copy.m4a"] if prepared.playback else []
        began = time.monotonic()
        _run("-i", video, *AUDIO, folder / "audio.flac", *WAVEFORM, *copy)
        bare.append(time.monotonic() - began)
        bare_cpu, cpu = bare_cpu + _cpu_s() - cpu, _cpu_s()
    ratios = [theirs / mine for theirs, mine in zip(bare, ours, strict=True)]
    report(
        "preparation",
        minutes=minutes,
        with_a_copy=bool(prepared.playback),
        ratio_to_ffmpeg=round(statistics.median(ratios), 2),
        ratios=[round(ratio, 2) for ratio in ratios],
        ratio_of_processor_time=round(bare_cpu / our_cpu, 2),
        seconds=[round(seconds, 1) for seconds in ours],
        megabytes=round(memory / 1e6),
    )


def _cpu_s() -> float:
    """Return the processor time of all that this process started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Memory:
    """Watches what this process and those that it started take together."""

    def __enter__(self) -> _Memory:
        self.most, self._is_over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._is_over.wait(0.1):
            self.most = max(self.most, sum(_memory(one) for one in [me, *me.children(recursive=True)]))


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


if __name__ == "__main__":
    main()
