"""An answer without times: its words stand where someone speaks, and say that this is an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.audio import ffmpeg, write_tone
from transcripts.models import MediaFile, Transcript
from transcripts.services import speech as heard
from transcripts.services import storage
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

TEXT = "Good morning everyone. Thank you."


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """Two seconds of a tone, four of silence, one of a tone."""
    for name, seconds, loudness in (("first", 2, 0.5), ("silence", 4, 0), ("second", 1, 0.5)):
        write_tone(tmp_path / f"{name}.wav", seconds=seconds, loudness=loudness)
    inputs = [part for name in ("first", "silence", "second") for part in ("-i", tmp_path / f"{name}.wav")]
    ffmpeg(*inputs, "-filter_complex", "concat=n=3:v=0:a=1", tmp_path / "said.wav")
    return tmp_path / "said.wav"


def starts() -> dict[str, tuple[int, str]]:
    segments = Transcript.objects.get().segments.order_by("position")
    words = [word for segment in segments for word in rows.spoken(segment).words]
    return {word.text: (word.start_ms or 0, str(word.timing)) for word in words}


def test_words_without_times_stand_where_someone_speaks(pipeline: Pipeline, speech: SpeechProcess, audio: Path) -> None:
    speech.rescript({"answer": {"transcription": TEXT, "language": "en"}})
    pipeline.bring(audio)
    pipeline.until_idle()
    found = starts()
    assert list(found) == TEXT.split()
    assert found["Good"] == (0, "estimated")
    assert found["everyone."][0] < 2_000
    assert found["Thank"][0] == pytest.approx(6_000, abs=60)


def test_audio_that_is_gone_costs_no_word(pipeline: Pipeline, speech: SpeechProcess, audio: Path) -> None:
    speech.rescript({"answer": {"transcription": TEXT, "language": "en"}})
    recording = pipeline.bring(audio)
    pipeline.until_idle()
    recording.refresh_from_db()
    file = MediaFile.objects.get(recording=recording, kind="audio")
    assert heard.stretches(recording) == [(0, pytest.approx(2_000, abs=60)), (pytest.approx(6_000, abs=60), 7_000)]
    path = storage.path_of(file.storage_name)
    path.write_bytes(b"no audio")
    assert heard.stretches(recording) == []
    path.unlink()
    assert heard.stretches(recording) == []
