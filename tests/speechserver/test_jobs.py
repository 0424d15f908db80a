"""The job queue and its pool of processes."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from speechserver.api.application import SpeechServer
from speechserver.api.limits import NONE, Gate
from speechserver.api.stream import LiveSessions
from speechserver.jobs import pool, queue
from speechserver.jobs.pool import RecogniserPool, RecogniserProcess, RecogniserUnavailable
from speechserver.jobs.queue import JobQueue
from speechserver.jobs.recogniser import Description, Recogniser
from speechserver.jobs.store import Job, JobStore, new_id
from speechserver.scripted.live import ScriptedLiveRecogniser
from tests.support.audio import write_tone
from tests.support.speech_server.process import MODEL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

KEY = {"Authorization": "Bearer k"}
DESCRIPTION = Description("small", is_draft=True, languages=("en",))


class Slow:
    """Takes one job at a time and finishes it when told to."""

    description = DESCRIPTION
    parallel = 1

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def transcribe(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        report(0.25)
        self.begun.set()
        await self.may_end.wait()
        return {"transcription": "done"}

    async def close(self) -> None:
        """Do nothing: it holds no processes."""


def client(folder: Path, recogniser: Recogniser) -> TestClient[Any, Any]:
    store = JobStore(folder)
    live = LiveSessions(lambda _: ScriptedLiveRecogniser(), None, limit=1)
    server = SpeechServer(keys=("k",), gate=Gate(NONE), store=store, queue=JobQueue(store, recogniser), live=live)
    return TestClient(TestServer(server.application()))


async def upload(http: TestClient[Any, Any], content: bytes = b"x") -> Any:
    form = FormData()
    form.add_field("file", content, filename="a.wav")
    return await http.post("/v1/upload", data=form, headers=KEY)


async def test_a_full_queue_is_503_with_retry_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "QUEUE_LIMIT", 1)
    slow = Slow()
    async with client(tmp_path, slow) as http:
        first = await (await upload(http)).json()
        await slow.begun.wait()
        assert (await upload(http)).status == 200  # waits
        refused = await upload(http)
        assert refused.status == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert (await refused.json())["error"] == {"code": "queue_full"}
        assert len(list((tmp_path / "audio").iterdir())) == 2
        answer = await http.get("/v1/status", params={"processing_id": first["processing_id"]}, headers=KEY)
        body = await answer.json()
        assert (body["status"], body["stage"], body["progress"]) == ("processing", "transcribing", 0.25)


async def one_outcome(folder: Path, recogniser: Recogniser, recording: Path) -> Job:
    """What becomes of one recording."""
    store, job_id = JobStore(folder), new_id()
    store.audio(job_id).write_bytes(recording.read_bytes())
    store.add(Job(job_id, "me", "a.wav"))
    jobs = JobQueue(store, recogniser)
    jobs.start()
    while (job := store.get(job_id, "me")) is not None and job.state == "waiting":
        await asyncio.sleep(0.02)  # the interval of asking; the outcome is what is waited for
    await jobs.stop()
    store.close()
    assert job is not None
    return job


async def test_a_process_that_dies_before_its_model_is_loaded_is_a_failed_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    job = await one_outcome(tmp_path, RecogniserPool(tmp_path, DESCRIPTION), write_tone(tmp_path / "a.wav"))
    assert job.state == "failed"
    assert job.answer["error"] == {"code": "recogniser_stopped"}
    assert job.answer["message"] == "The recogniser stopped before the end of the audio"


async def test_a_process_that_cannot_start_is_a_failed_job_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "missing"))
    job = await one_outcome(tmp_path, RecogniserPool(tmp_path, DESCRIPTION), write_tone(tmp_path / "a.wav"))
    assert job.state == "failed"
    assert job.answer["error"] == {"code": "recogniser_unavailable"}


async def test_progress_is_reported_along_the_audio(tmp_path: Path, tiny_pool: RecordingPool) -> None:
    job = await one_outcome(tmp_path, tiny_pool, write_tone(tmp_path / "a.wav", seconds=30))
    assert job.state == "completed"
    assert tiny_pool.reported == sorted(tiny_pool.reported)
    assert len(tiny_pool.reported) >= 30
    assert tiny_pool.reported[-1] == 1.0


async def test_one_process_does_job_after_job_until_it_is_killed(tmp_path: Path, tiny_pool: RecordingPool) -> None:
    recording = write_tone(tmp_path / "a.wav")

    async def do() -> int:
        job = Job(new_id(), "me", "a.wav")
        answer = await tiny_pool.transcribe(job, recording, lambda _share: None)
        assert answer["segments"] == []
        [worker] = tiny_pool._idle
        return worker.process.pid

    first = await do()
    assert await do() == first
    os.kill(first, signal.SIGKILL)
    await tiny_pool._idle[0].process.wait()
    assert await do() != first


async def test_a_job_whose_process_was_killed_is_retried_once(tmp_path: Path, tiny_pool: RecordingPool) -> None:
    recording = write_tone(tmp_path / "a.wav", seconds=60)
    killed: list[int] = []

    def kill_the_first(_share: float) -> None:
        if not killed:
            killed.append(tiny_pool.started.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    answer = await tiny_pool.transcribe(Job(new_id(), "me", "a.wav"), recording, kill_the_first)
    assert (answer["segments"], answer["duration"]) == ([], 60.0)
    assert killed != [tiny_pool.started.process.pid]


async def test_an_idle_process_is_stopped(
    tmp_path: Path, tiny_pool: RecordingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "IDLE_S", 0.0)
    await tiny_pool.transcribe(Job(new_id(), "me", "a.wav"), write_tone(tmp_path / "a.wav"), lambda _share: None)
    process = tiny_pool.started.process
    assert await process.wait() == -signal.SIGKILL


async def test_cancelling_a_job_kills_its_process(tmp_path: Path, tiny_pool: RecordingPool) -> None:
    begun = asyncio.Event()
    recording = write_tone(tmp_path / "a.wav", seconds=600)
    doing = tiny_pool.transcribe(Job(new_id(), "me", "a.wav"), recording, lambda _share: begun.set())
    job = asyncio.create_task(doing)
    await begun.wait()
    process = tiny_pool.started.process
    job.cancel()
    assert await process.wait() == -signal.SIGKILL


async def test_a_missing_model_is_replaced_by_base_with_one_log_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WHISPER_MODEL", str(tmp_path / "no-model"))
    opened = await RecogniserPool.open(tmp_path / "models")
    assert opened.description.name == "Whisper base"
    assert {"de", "ja", "sw"} <= set(opened.description.languages or ())
    await opened.close()
    [record] = caplog.records
    assert "no-model" in record.message
    assert record.message.endswith("Whisper base is used instead.")


async def test_without_any_model_the_server_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WHISPER_MODEL", raising=False)
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(RecogniserUnavailable, match=r"Whisper base can't be stored in .+\."):
        await RecogniserPool.open(tmp_path / "models")


class RecordingPool(RecogniserPool):
    """The real pool, which records its reports and its last process."""

    reported: list[float] = []
    started: RecogniserProcess

    async def transcribe(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        self.reported.clear()

        def both(share: float) -> None:
            self.reported.append(share)
            report(share)

        return await super().transcribe(job, audio, both)

    async def _acquire(self) -> RecogniserProcess:
        self.started = await super()._acquire()
        return self.started


@pytest.fixture
async def tiny_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RecordingPool]:
    """Processes with the small English model."""
    monkeypatch.setenv("WHISPER_MODEL", MODEL)
    made = RecordingPool(tmp_path / "models", DESCRIPTION)
    yield made
    await made.close()
