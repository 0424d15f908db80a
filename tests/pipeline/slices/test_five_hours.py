"""Five hours against a provider that takes 25 MB and ten minutes: complete, at the right times, in little memory."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.audio import ffmpeg
from transcripts.models import Chunk, ProviderAccount, ProviderCall, Transcript
from transcripts.providers import registry

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

WORDS = "and so my fellow americans"
HOURS, MOST_BYTES, MOST_MS = 5, 25_000_000, 600_000
# Nine seconds of noise and one of silence, again and again
PERIOD_MS, SILENCE_MS = 10_000, 1_000
MOST_GROWTH_BYTES = 64 * 1024**2


@pytest.fixture
def five_hours(tmp_path: Path) -> Path:
    """Five hours of noise, a second of silence in every ten."""
    noise = f"anoisesrc=d=10:r=16000:a=0.5:seed=1,volume=0:enable='gte(t,{(PERIOD_MS - SILENCE_MS) // 1000})'"
    ffmpeg("-f", "lavfi", "-i", noise, "-ac", "1", tmp_path / "period.wav")
    periods = str(HOURS * 3_600_000 // PERIOD_MS - 1)
    ffmpeg("-stream_loop", periods, "-i", tmp_path / "period.wav", "-c", "copy", tmp_path / "five-hours.wav")
    return tmp_path / "five-hours.wav"


@pytest.fixture
def limited(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A pipeline whose provider takes 25 MB and ten minutes."""
    ProviderAccount.objects.update(max_bytes=MOST_BYTES)
    kind = registry.find(pipeline.account.kind)
    limits = replace(kind.documented_limits, longest_ms=MOST_MS)
    monkeypatch.setitem(registry.KINDS, pipeline.account.kind, replace(kind, documented_limits=limits))
    return pipeline


def most_bytes() -> int:
    """The most memory that this process has had."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_five_hours_become_one_transcript(limited: Pipeline, speech: SpeechProcess, five_hours: Path) -> None:
    before = most_bytes()
    recording = limited.bring(five_hours)
    limited.until_idle()
    job = limited.job(recording)
    assert (job.status, job.error_message) == ("succeeded", "")
    assert most_bytes() - before < MOST_GROWTH_BYTES
    chunks = list(Chunk.objects.defer("answer").order_by("index"))
    assert len(chunks) > HOURS * 6
    assert (chunks[0].start_ms, chunks[-1].end_ms) == (0, HOURS * 3_600_000)
    # Each is cut within a silence and begins where the one before it ends
    assert all(one.end_ms == other.start_ms for one, other in itertools.pairwise(chunks))
    assert all(one.end_ms % PERIOD_MS > PERIOD_MS - SILENCE_MS for one in chunks[:-1])
    sent = ProviderCall.objects.filter(endpoint="upload")
    assert all(call.bytes_sent <= MOST_BYTES and call.audio_ms <= MOST_MS for call in sent)
    segments = list(Transcript.objects.get().segments.order_by("position"))
    assert [one.text for one in segments] == [WORDS] * len(chunks)
    # The scripted recogniser's first word begins 100 ms after the audio
    assert [one.start_ms for one in segments] == [one.start_ms + 100 for one in chunks]
    assert len(speech.billed()) == len(chunks)
