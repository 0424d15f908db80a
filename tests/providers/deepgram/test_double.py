"""The vendor's own client understands the double that our adapter is proven with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest
from deepgram import DeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment

from tests.support.live.provider import echo_audio, echo_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.providers.deepgram import DeepgramDouble

    Sdk = Callable[..., DeepgramClient]

# What the SDK imports is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore:websockets:DeprecationWarning")


@pytest.fixture
def sdk(deepgram: DeepgramDouble) -> Iterator[Sdk]:
    """Makes the vendor's client, with a key or a token; it is to speak to no one else."""
    sockets = deepgram.url.replace("http", "ws")
    where = DeepgramClientEnvironment(base=deepgram.url, production=sockets, agent=sockets, agent_rest=deepgram.url)
    with httpx.Client() as wire:
        yield lambda key=deepgram.key, **more: DeepgramClient(
            **(more or {"api_key": key}), environment=where, httpx_client=wire
        )


def test_it_transcribes_with_words_speakers_and_utterances(sdk: Sdk, deepgram: DeepgramDouble, tone: Path) -> None:
    answer = sdk().listen.v1.media.transcribe_file(
        request=tone.read_bytes(),
        model="nova-3",
        detect_language=True,
        diarize_model="latest",
        punctuate=True,
        utterances=True,
        keyterm=["thalweg", "Berg"],
    )
    [channel] = answer.results.channels
    [alternative] = channel.alternatives
    assert alternative.transcript == "and so my fellow americans"
    assert [(word.punctuated_word, word.speaker) for word in alternative.words][1:3] == [("so", 0), ("my", 1)]
    assert [one.transcript for one in answer.results.utterances] == ["and so", "my fellow americans"]
    assert (channel.detected_language, answer.metadata.duration) == ("en", 2.0)
    assert deepgram.ledger()[0]["query"]["keyterm"] == ["thalweg", "Berg"]
    assert deepgram.billed()[0]["bytes"] == tone.stat().st_size


@pytest.mark.parametrize(("key", "model", "code"), [("wrong", "nova-3", 401), ("", "nova-9", 400)])
def test_it_refuses_as_the_sdk_expects(sdk: Sdk, tone: Path, key: str, model: str, code: int) -> None:
    client = sdk(key) if key else sdk()
    options = {"max_retries": 0}
    with pytest.raises(ApiError) as raised:
        client.listen.v1.media.transcribe_file(request=tone.read_bytes(), model=model, request_options=options)
    assert raised.value.status_code == code


def test_it_lists_projects(sdk: Sdk) -> None:
    assert [project.name for project in sdk().manage.v1.projects.list().projects] == ["Court"]


def test_it_grants_tokens_that_serve_for_audio_and_no_more(sdk: Sdk, deepgram: DeepgramDouble, tone: Path) -> None:
    granted = sdk().auth.v1.tokens.grant(ttl_seconds=20)
    assert granted.expires_in == 20
    bearer = sdk(access_token=granted.access_token)
    options = {"max_retries": 0}
    with bearer.listen.v1.connect(model="nova-3", language="en", encoding="linear16", sample_rate=16_000) as socket:
        socket.send_close_stream()
    assert bearer.listen.v1.media.transcribe_file(request=tone.read_bytes(), model="nova-3").results.channels
    with pytest.raises(ApiError) as raised:
        bearer.manage.v1.projects.list(request_options=options)
    assert raised.value.status_code == 401
    deepgram.now = lambda: time.monotonic() + 20
    with pytest.raises(ApiError) as raised:
        bearer.listen.v1.media.transcribe_file(request=b"", model="nova-3", request_options=options)
    assert raised.value.status_code == 401


def test_it_grants_none_to_a_key_that_is_no_members(sdk: Sdk, deepgram: DeepgramDouble) -> None:
    deepgram.rescript({"no_grants": True})
    with pytest.raises(ApiError) as raised:
        sdk().auth.v1.tokens.grant(request_options={"max_retries": 0})
    assert raised.value.status_code == 403


def test_it_listens_live(sdk: Sdk) -> None:
    settings = {"encoding": "linear16", "sample_rate": 16_000, "channels": 1, "interim_results": True}
    with sdk().listen.v1.connect(model="nova-3", language="en", vad_events=True, **settings) as socket:
        for at in range(0, 2_500, 100):
            socket.send_media(echo_audio(at, at + 100))
        socket.send_keep_alive()
        socket.send_finalize()
        socket.send_close_stream()
        said = list(socket)
    finals = [event for event in said if event.type == "Results" and event.is_final]
    words = [word.word for event in finals for word in event.channel.alternatives[0].words]
    assert words == echo_words(2_500)
    assert [event.from_finalize for event in finals] == [False, False, True, False]
    assert (said[0].type, said[-1].type) == ("SpeechStarted", "Metadata")
