"""The double of AssemblyAI is honest: the vendor's own SDK takes it for the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import assemblyai as aai
import httpx
import pytest
from assemblyai.streaming.v3 import StreamingClient, StreamingClientOptions, StreamingEvents, StreamingParameters

from tests.support.live.provider import echo_audio, echo_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.providers.assemblyai import AssemblyAIDouble

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def transcriber(assemblyai: AssemblyAIDouble) -> Iterator[aai.Transcriber]:
    settings = aai.Settings(api_key=assemblyai.key, base_url=assemblyai.url, polling_interval=0.1)
    client = aai.Client(settings=settings)
    yield aai.Transcriber(client=client)
    client.http_client.close()


def test_it_transcribes_with_words_and_speakers(
    transcriber: aai.Transcriber, assemblyai: AssemblyAIDouble, tone: Path
) -> None:
    config = aai.TranscriptionConfig(speaker_labels=True, language_detection=True)
    done = transcriber.transcribe(str(tone), config)
    assert done.status == aai.TranscriptStatus.completed
    assert done.text == "and so my fellow americans"
    assert done.words is not None
    assert done.utterances is not None
    word, spoken = done.words[0], done.utterances[1]
    assert (word.text, word.start, word.end, word.speaker) == ("and", 100, 300, "A")
    assert (spoken.speaker, spoken.text) == ("B", "my fellow americans")
    assert assemblyai.billed()[0]["bytes"] == tone.stat().st_size


def test_it_fails_as_the_sdk_expects(transcriber: aai.Transcriber, assemblyai: AssemblyAIDouble, tone: Path) -> None:
    assemblyai.rescript({"failure": {"code": "x", "message": "Audio could not be decoded"}})
    failed = transcriber.transcribe(str(tone))
    assert (failed.status, failed.error) == (aai.TranscriptStatus.error, "Audio could not be decoded")


def test_it_refuses_as_the_sdk_expects(assemblyai: AssemblyAIDouble, tone: Path) -> None:
    client = aai.Client(settings=aai.Settings(api_key="wrong", base_url=assemblyai.url))
    with pytest.raises(aai.types.TranscriptError, match="API token missing"):
        aai.Transcriber(client=client).transcribe(str(tone))
    client.http_client.close()


def test_it_listens_live(assemblyai: AssemblyAIDouble) -> None:
    client = StreamingClient(StreamingClientOptions(api_key=assemblyai.key, api_host=ws(assemblyai)))
    said: list[Any] = []
    begun: list[str] = []
    client.on(StreamingEvents.Begin, lambda _, event: begun.append(event.id))
    client.on(StreamingEvents.Turn, lambda _, event: said.append(event))
    client.connect(wishes(format_turns=True, speaker_labels=True))
    client.stream(echo_audio(at, at + 100) for at in range(0, 2_500, 100))
    client.disconnect(terminate=True)
    assert begun == ["b1"]
    finals = [event for event in said if event.end_of_turn and event.turn_is_formatted]
    assert [word.text for event in finals for word in event.words] == echo_words(2_500)
    assert [event.turn_order for event in finals] == [0, 1, 2]
    assert (finals[1].words[0].start, finals[1].speaker_label) == (1_000, "A")


def test_it_ends_a_session_whose_audio_is_too_short(assemblyai: AssemblyAIDouble) -> None:
    client = StreamingClient(StreamingClientOptions(api_key=assemblyai.key, api_host=ws(assemblyai)))
    errors: list[Any] = []
    client.on(StreamingEvents.Error, lambda _, error: errors.append(error))
    client.connect(wishes())
    client.stream(b"\0" * 640)
    client.disconnect(terminate=True)
    assert [error.code for error in errors] == [3007]


def test_it_refuses_live_sessions_as_the_sdk_expects(assemblyai: AssemblyAIDouble) -> None:
    client = StreamingClient(StreamingClientOptions(api_key="wrong", api_host=ws(assemblyai)))
    errors: list[Any] = []
    client.on(StreamingEvents.Error, lambda _, error: errors.append(error))
    client.connect(wishes())
    assert [error.code for error in errors] == [401]


def test_it_grants_tokens_that_serve_once(assemblyai: AssemblyAIDouble) -> None:
    token = granted(assemblyai, expires_in_seconds=60)
    assert [begins_with(assemblyai, token) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("seconds", "script"), [(0, {}), (601, {}), (60, {"no_grants": True})])
def test_it_grants_none_for_too_long_or_to_a_key_without_the_right(
    assemblyai: AssemblyAIDouble, seconds: int, script: dict[str, Any]
) -> None:
    assemblyai.rescript(script)
    with pytest.raises(httpx.HTTPStatusError):
        granted(assemblyai, expires_in_seconds=seconds)


def granted(double: AssemblyAIDouble, **wishes: int) -> str:
    """Ask for a token as the SDK does, which would speak TLS."""
    client = StreamingClient(StreamingClientOptions(api_key=double.key, api_host=ws(double)))
    client._client._http_client.base_url = double.url
    with client._client._http_client:
        return client.create_temporary_token(**wishes)


def begins_with(double: AssemblyAIDouble, token: str) -> bool:
    """Whether the SDK can begin a session with a token."""
    client = StreamingClient(StreamingClientOptions(token=token, api_host=ws(double)))
    errors: list[Any] = []
    client.on(StreamingEvents.Error, lambda _, error: errors.append(error))
    client.connect(wishes())
    client.disconnect(terminate=not errors)
    return not errors


def ws(double: AssemblyAIDouble) -> str:
    return double.url.replace("http", "ws")


def wishes(**more: bool) -> StreamingParameters:
    return StreamingParameters.model_validate({"sample_rate": 16_000, **more})
