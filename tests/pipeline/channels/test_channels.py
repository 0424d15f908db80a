"""A call with a voice in each of two channels: a speaker for each, where that helps and costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.audio import ffmpeg
from tests.views.conftest import client_of
from transcripts.models import MediaFile, ProviderAccount, Recording, Transcript
from transcripts.providers.capabilities import Wishes
from transcripts.services.recordings import tracks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

LEFT, RIGHT = "lt(mod(t,3),2)*0.3*sin(2*PI*440*t)", "gte(mod(t,3),2)*0.3*sin(2*PI*660*t)"
SECONDS = 6
# Behind the first channel and a pause of two seconds
SECOND_S = SECONDS + 2.0


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two voices in turns, each in a channel of its own."""
    path = tmp_path_factory.mktemp("call") / "call.wav"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='{LEFT}|{RIGHT}':d={SECONDS}:s=16000", path)
    return path


def word(text: str, start: float) -> dict[str, Any]:
    return {"word": text, "start": start, "end": start + 0.4, "confidence": 0.9}


ANSWER = {
    "transcription": "hello yes",
    "language": "en",
    "segments": [
        {"start": 0.1, "end": 0.5, "text": "hello", "words": [word("hello", 0.1)]},
        {"start": SECOND_S + 2.1, "end": SECOND_S + 2.5, "text": "yes", "words": [word("yes", SECOND_S + 2.1)]},
    ],
}


@pytest.fixture(autouse=True)
def scripted(speech: SpeechProcess) -> None:
    """What the provider recognises in the channels, one after the other."""
    speech.rescript({"answer": ANSWER})


def sent(recording: Recording) -> int:
    """How many channels or tracks were sent."""
    return len(MediaFile.objects.get(recording=recording, kind="audio").layout) or 1


def test_each_voice_is_a_speaker(pipeline: Pipeline, call: Path) -> None:
    pipeline.bring(call)
    pipeline.until_idle()
    lines = Transcript.objects.get().segments.order_by("position")
    assert [(str(row.speaker), row.text, row.start_ms) for row in lines] == [
        ("Channel 1", "hello", 100),
        ("Channel 2", "yes", 2_100),
    ]


def test_a_provider_outside_that_tells_speakers_apart_gets_the_mix(pipeline: Pipeline, call: Path) -> None:
    ProviderAccount.objects.update(place="outside")
    recording = pipeline.bring(call)
    pipeline.until_idle()
    assert sent(recording) == 1


def test_who_says_that_one_person_speaks_gets_the_mix(pipeline: Pipeline, call: Path) -> None:
    recording = pipeline.bring(call, wishes=Wishes(speakers=1))
    pipeline.until_idle()
    assert sent(recording) == 1


def test_a_person_can_choose_otherwise(pipeline: Pipeline, call: Path) -> None:
    recording = pipeline.bring(call)
    pipeline.until_idle()
    recording.refresh_from_db()
    page = client_of(pipeline.person).get(recording.get_absolute_url()).content.decode()
    assert "Both channels mixed" in page
    assert "a voice of its own" in page
    tracks.choose_tracks(recording, actor=pipeline.person, numbers={1})
    pipeline.until_idle()
    assert sent(recording) == 1
    tracks.choose_tracks(recording, actor=pipeline.person, numbers={2, 3})
    pipeline.until_idle()
    assert sent(recording) == 2
