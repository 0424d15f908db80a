"""The vendor's own client understands the double that our adapter is proven with."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from openai import AuthenticationError, BadRequestError, OpenAI, RateLimitError

from tests.support.live.provider import echo_audio, echo_words
from transcripts.providers.samples import Resampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.providers.openai import OpenAIDouble

    Sdk = Callable[..., OpenAI]

# What the SDK imports is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore:connect:DeprecationWarning")


@pytest.fixture
def sdk(openai: OpenAIDouble) -> Iterator[Sdk]:
    """Makes the vendor's client, which is to speak to no one else."""
    made: list[OpenAI] = []

    def make(key: str = openai.key) -> OpenAI:
        made.append(OpenAI(base_url=f"{openai.url}/v1", api_key=key, max_retries=0))
        return made[-1]

    yield make
    for client in made:
        client.close()


def test_it_transcribes_with_segments_and_words(sdk: Sdk, openai: OpenAIDouble, tone: Path) -> None:
    answer = sdk().audio.transcriptions.create(
        file=tone,
        model="whisper-1",
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
        prompt="thalweg",
    )
    assert (answer.text, answer.duration, answer.language) == ("and so my fellow americans", 2.0, "english")
    assert [word.word for word in answer.words or ()] == answer.text.split()
    assert [segment.text for segment in answer.segments or ()] == [" and so", " my fellow americans"]
    assert openai.ledger()[0]["form"]["timestamp_granularities[]"] == ["word", "segment"]
    assert openai.billed()[0]["bytes"] == tone.stat().st_size


def test_it_transcribes_with_speakers(sdk: Sdk, tone: Path) -> None:
    answer = sdk().audio.transcriptions.create(
        file=tone, model="gpt-4o-transcribe-diarize", response_format="diarized_json", chunking_strategy="auto"
    )
    assert [(one.speaker, one.text) for one in answer.segments] == [("A", "and so"), ("B", "my fellow americans")]


def test_it_transcribes_to_text_alone(sdk: Sdk, openai: OpenAIDouble, tone: Path) -> None:
    options = {"languages": ["en"], "keywords": ["thalweg"]}
    answer = sdk().audio.transcriptions.create(file=tone, model="gpt-transcribe", extra_body=options)
    assert answer.text == "and so my fellow americans"
    assert openai.ledger()[0]["form"]["keywords[]"] == "thalweg"


def test_it_refuses_as_the_sdk_expects(sdk: Sdk, openai: OpenAIDouble, tone: Path) -> None:
    def send(client: OpenAI, **more: Any) -> None:
        client.audio.transcriptions.create(file=tone, model="gpt-transcribe", **more)

    with pytest.raises(AuthenticationError):
        send(sdk("wrong"))
    with pytest.raises(BadRequestError, match="response_format"):
        send(sdk(), response_format="verbose_json")
    quota = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    openai.rescript({"faults": [{"on": "upload", "do": "answer", "code": 429, "body": quota}]})
    with pytest.raises(RateLimitError) as raised:
        send(sdk())
    assert raised.value.code == "insufficient_quota"


def test_it_lists_its_models(sdk: Sdk) -> None:
    assert "gpt-transcribe" in [model.id for model in sdk().models.list()]


def test_it_listens_live(sdk: Sdk) -> None:
    session: Any = {"type": "transcription", "audio": {"input": {"format": {"type": "audio/pcm", "rate": 24_000}}}}
    resampler, said = Resampler(16_000, 24_000), list[str]()
    with sdk().realtime.connect(extra_query={"intent": "transcription"}) as socket:
        assert socket.recv().type == "session.created"
        socket.session.update(session=session)
        assert socket.recv().type == "session.updated"
        for at in range(0, 2_500, 100):
            wire = resampler.feed(echo_audio(at, at + 100))
            socket.input_audio_buffer.append(audio=base64.b64encode(wire).decode())
        socket.input_audio_buffer.commit()
        while len(said) < 4:
            event = socket.recv()
            if event.type == "conversation.item.input_audio_transcription.completed":
                said.append(event.transcript)
    assert " ".join(said).split() == echo_words(2_500)
