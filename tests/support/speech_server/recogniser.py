"""The small English recogniser by itself, without a server or anything else between."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from speechserver.audio import read_samples
from speechserver.models import tiny_english
from speechserver.options import Options
from speechserver.recogniser.live import LiveTranscription
from speechserver.recogniser.recording import Transcription
from speechserver.recogniser.whisper import Whisper


@lru_cache
def tiny(*, passes: int = 1, threads: int = 1) -> Whisper:
    """Return tiny.en, loaded once a process."""
    return Whisper(tiny_english(Path()).path, passes=passes, threads=threads)


def segments_of(path: Path, **options: Any) -> list[dict[str, Any]]:
    """Return what it makes of a recording that is heard whole."""
    transcription = Transcription(tiny(passes=2), Options(language="en", **{"diarize": False, **options}))
    transcription.feed(samples_of(path))
    segments: list[dict[str, Any]] = transcription.finish()["segments"]
    return segments


def live_segments_of(path: Path) -> list[dict[str, Any]]:
    """Return what it makes final of a recording that is heard live, with all of it there at once."""
    live = LiveTranscription(tiny(threads=2), tiny(threads=2), "en")
    live.feed(samples_of(path))
    live.flush()
    return [segment for segments, _ in live.finals() for segment in segments]


def samples_of(path: Path) -> bytes:
    """Return a recording as 16-bit samples at 16 kHz, one channel."""
    return b"".join(samples for samples, _ in read_samples(path))


def words_of(segments: list[dict[str, Any]]) -> list[str]:
    """Return the words of segments."""
    return [word["word"] for segment in segments for word in segment["words"]]
