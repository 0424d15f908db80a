"""The double of Pulse is honest: the vendor's own SDK takes it for the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from smallestai import SmallestAI
from smallestai.environment import SmallestAIEnvironment
from smallestai.waves.errors.bad_request_error import BadRequestError
from smallestai.waves.errors.too_many_requests_error import TooManyRequestsError
from smallestai.waves.errors.unauthorized_error import UnauthorizedError
from smallestai.waves.helpers import stream_speech_to_text
from smallestai.waves.speech_to_text.types import CloseStream, FinalizeSignal, TranscriptionEvent
from websockets.exceptions import InvalidStatus

from tests.support.live.provider import echo_audio, echo_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.pulse import PulseDouble

    Sdk = Callable[..., SmallestAI]


# What the SDK imports is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore:websockets:DeprecationWarning")


@pytest.fixture
def sdk(pulse: PulseDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sdk]:
    """Makes the vendor's client, which is to speak to nobody else."""
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("SMALLEST_TELEMETRY", "0")
    where = SmallestAIEnvironment(
        atoms=pulse.url, waves=pulse.url, waves_ws=pulse.url.replace("http", "ws"), payment=pulse.url
    )
    with httpx.Client() as wire:
        yield lambda key=pulse.key: SmallestAI(api_key=key, environment=where, max_retries=0, httpx_client=wire)


def test_it_transcribes_with_words_and_speakers(sdk: Sdk, pulse: PulseDouble, tone: Path) -> None:
    answer = sdk().waves.speech_to_text.transcribe(
        model="pulse", language="multi-eu", request=tone.read_bytes(), word_timestamps=True, diarize=True
    )
    assert answer.transcription == "and so my fellow americans"
    word, utterance = answer.words[0], answer.utterances[1]
    assert (word.word, word.start, word.end, word.speaker) == ("and", 0.1, 0.3, 0)
    assert (utterance.text, utterance.speaker) == ("my fellow americans", 1)
    assert pulse.billed()[0]["bytes"] == tone.stat().st_size


def test_words_come_only_when_asked_for(sdk: Sdk, pulse: PulseDouble, tone: Path) -> None:
    answer = sdk().waves.speech_to_text.transcribe(model="pulse", language="en", request=tone.read_bytes())
    assert answer.words == []
    assert answer.utterances == []


def test_it_refuses_as_the_sdk_expects(sdk: Sdk, pulse: PulseDouble, tone: Path) -> None:
    sound = tone.read_bytes()
    with pytest.raises(UnauthorizedError):
        sdk("wrong").waves.speech_to_text.transcribe(model="pulse", language="en", request=sound)
    with pytest.raises(BadRequestError):
        sdk().waves.speech_to_text.transcribe(model="pulse", language="auto", request=sound)
    pulse.rescript(
        {"faults": [{"on": "upload", "do": "answer", "code": 429, "body": {"error": "Rate limit exceeded."}}]}
    )
    with pytest.raises(TooManyRequestsError):
        sdk().waves.speech_to_text.transcribe(model="pulse", language="en", request=sound)


def test_it_is_healthy(sdk: Sdk) -> None:
    assert sdk().waves.ops.get_waves_health().status == "ok"


def test_it_listens_live(sdk: Sdk) -> None:
    with stream_speech_to_text(sdk(), language="en", word_timestamps=True, vad_events=True) as socket:
        for at in range(0, 2_500, 100):
            socket.send_audio_chunk_out(echo_audio(at, at + 100))
        socket.send_finalize_signal(FinalizeSignal(type="finalize"))
        socket.send_close_stream(CloseStream(type="close_stream"))
        said = list(socket)
    finals = [event for event in said if isinstance(event, TranscriptionEvent) and event.is_final]
    assert [word.word for event in finals for word in event.words or ()] == echo_words(2_500)
    assert [len(event.words or ()) for event in finals] == [10, 10, 5, 0]
    assert [event.is_last for event in finals] == [False, False, False, True]
    assert [event.from_finalize for event in finals][2:] == [True, False]
    assert "w0 w100 w200" in [event.transcript for event in said if isinstance(event, TranscriptionEvent)]


@pytest.mark.parametrize(("key", "model", "code"), [("wrong", "pulse", 401), ("", "pulse-pro", 400)])
def test_it_refuses_live_sessions_as_the_sdk_expects(sdk: Sdk, key: str, model: str, code: int) -> None:
    client = sdk(key) if key else sdk()
    with pytest.raises(InvalidStatus) as raised, stream_speech_to_text(client, language="en", model=model):
        pass
    assert raised.value.response.status_code == code
