"""The vendor's own client understands the double that our adapter is proven with."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from elevenlabs import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.realtime.connection import RealtimeEvents
from elevenlabs.realtime.scribe import AudioFormat, CommitStrategy, ScribeRealtime
from elevenlabs.types import SpeechToTextChunkResponseModel

from tests.support.live.provider import echo_audio, echo_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.providers.elevenlabs import ElevenLabsDouble

    Sdk = Callable[..., ElevenLabs]

# What the SDK imports is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore:websockets:DeprecationWarning")


@pytest.fixture
def sdk(elevenlabs: ElevenLabsDouble) -> Iterator[Sdk]:
    """Makes the vendor's client, which is to speak to no one else."""
    with httpx.Client() as wire:
        yield lambda key=elevenlabs.key: ElevenLabs(base_url=elevenlabs.url, api_key=key, httpx_client=wire)


def test_it_transcribes_with_words_and_speakers(sdk: Sdk, elevenlabs: ElevenLabsDouble, tone: Path) -> None:
    answer = sdk().speech_to_text.convert(model_id="scribe_v2", file=tone.read_bytes(), diarize=True)
    assert isinstance(answer, SpeechToTextChunkResponseModel)
    assert answer.text == "and so my fellow americans"
    words = [(word.text, word.speaker_id) for word in answer.words if word.type == "word"]
    assert words[1:3] == [("so", "speaker_0"), ("my", "speaker_1")]
    assert answer.language_code == "eng"
    assert elevenlabs.billed()[0]["bytes"] == tone.stat().st_size


@pytest.mark.parametrize(("key", "model", "code"), [("wrong", "scribe_v2", 401), ("", "scribe_v9", 400)])
def test_it_refuses_as_the_sdk_expects(sdk: Sdk, tone: Path, key: str, model: str, code: int) -> None:
    client = sdk(key) if key else sdk()
    with pytest.raises(ApiError) as raised:
        client.speech_to_text.convert(model_id=model, file=tone.read_bytes())
    assert raised.value.status_code == code


async def test_it_listens_live(elevenlabs: ElevenLabsDouble) -> None:
    sdk = ScribeRealtime(api_key=elevenlabs.key, base_url=elevenlabs.url.replace("http", "ws"))
    connection = await sdk.connect(
        {
            "model_id": "scribe_v2_realtime",
            "audio_format": AudioFormat.PCM_16000,
            "sample_rate": 16_000,
            "commit_strategy": CommitStrategy.MANUAL,
            "include_timestamps": True,
        }
    )
    timed: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    plain: list[dict[str, Any]] = []
    connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT, plain.append)
    connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT_WITH_TIMESTAMPS, timed.set_result)
    for at in range(0, 2_500, 100):
        await connection.send({"audio_base_64": base64.b64encode(echo_audio(at, at + 100)).decode()})
    await connection.commit()
    words = (await timed)["words"]
    await connection.close()
    assert [word["text"] for word in words if word["type"] == "word"] == echo_words(2_500)
    assert [said["text"].split() for said in plain] == [echo_words(2_500)]
