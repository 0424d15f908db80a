"""The double of Speechmatics is honest: the vendor's own SDKs take it for the real thing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import speechmatics.batch as batch  # type: ignore[import-untyped]
import speechmatics.rt as rt

from tests.support.live.provider import echo_audio, echo_words

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.providers.speechmatics import SpeechmaticsDouble

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


async def test_it_transcribes_with_words_and_speakers(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    async with batch.AsyncClient(api_key=speechmatics.key, url=f"{speechmatics.url}/v2") as client:
        config = batch.TranscriptionConfig(language="auto", diarization="speaker")
        done = await client.transcribe(str(tone), transcription_config=config, polling_interval=0.1)
    assert isinstance(done, batch.Transcript)
    said = [(one.alternatives or [])[0] for one in done.results]
    assert [(one.content, one.speaker) for one in said][::4] == [("and", "S1"), ("americans", "S2")]
    assert (done.results[0].start_time, done.results[0].end_time, done.job.duration) == (0.1, 0.3, 2.0)
    assert speechmatics.billed()[0]["bytes"] == tone.stat().st_size


async def test_it_refuses_as_the_sdk_expects(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    async with batch.AsyncClient(api_key="wrong", url=f"{speechmatics.url}/v2") as client:
        with pytest.raises(batch.BatchError, match="Invalid API key"):
            await client.submit_job(str(tone))


async def test_it_rejects_a_job_as_the_sdk_expects(speechmatics: SpeechmaticsDouble, tone: Path) -> None:
    speechmatics.rescript({"failure": {"code": "x", "message": "Audio could not be decoded"}})
    async with batch.AsyncClient(api_key=speechmatics.key, url=f"{speechmatics.url}/v2") as client:
        job = await client.submit_job(str(tone))
        details = await client.get_job_info(job.id)
    assert details.status is batch.JobStatus.REJECTED
    assert [error.message for error in details.errors or ()] == ["Audio could not be decoded"]


async def test_it_listens_live(speechmatics: SpeechmaticsDouble) -> None:
    said: list[dict[str, Any]] = []
    started: list[str] = []
    async with rt.AsyncClient(api_key=speechmatics.key, url=f"{speechmatics.url.replace('http', 'ws')}/v2") as client:
        client.on(rt.ServerMessageType.ADD_TRANSCRIPT, said.append)
        client.on(rt.ServerMessageType.RECOGNITION_STARTED, lambda message: started.append(message["id"]))
        await client.transcribe(
            io.BytesIO(echo_audio(0, 2_500)),
            transcription_config=rt.TranscriptionConfig(language="en", enable_partials=True),
            audio_format=rt.AudioFormat(encoding=rt.AudioEncoding.PCM_S16LE, sample_rate=16_000, chunk_size=3_200),
        )
    assert started == ["5d83b7b2"]
    words = [one["alternatives"][0]["content"] for message in said for one in message["results"]]
    assert words == echo_words(2_500)


async def test_it_refuses_live_sessions_as_the_sdk_expects(speechmatics: SpeechmaticsDouble) -> None:
    client = rt.AsyncClient(api_key="wrong", url=f"{speechmatics.url.replace('http', 'ws')}/v2")
    with pytest.raises((rt.AuthenticationError, rt.ConnectionError)):
        await client.start_session()
    await client.close()
