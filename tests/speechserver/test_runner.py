"""The queue and the processes behind it."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from speechserver import runner as room
from speechserver import workers
from speechserver.app import SpeechServer
from speechserver.jobs import Job, JobStore, new_id
from speechserver.limits import NONE, Gate
from speechserver.live import LiveRoom
from speechserver.runner import Description, Recogniser, Runner
from speechserver.script_live import ScriptedListener
from speechserver.workers import NoRecogniser, Worker, Workers
from tests.support.audio import write_tone
from tests.support.speech_server.process import MODEL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

KEY = {"Authorization": "Bearer k"}
DESCRIPTION = Description("small", is_draft=True, languages=("en",))


class Slow:
    """Takes one job at a time and is done when it is told."""

    description = DESCRIPTION
    parallel = 1

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        report(0.25)
        self.begun.set()
        await self.may_end.wait()
        return {"transcription": "done"}

    async def close(self) -> None:
        """There is nothing to let go of."""


def client(folder: Path, recogniser: Recogniser) -> TestClient[Any, Any]:
    store = JobStore(folder)
    live = LiveRoom(lambda _: ScriptedListener(), None, most=1)
    server = SpeechServer(keys=("k",), gate=Gate(NONE), store=store, runner=Runner(store, recogniser), live=live)
    return TestClient(TestServer(server.application()))


async def upload(http: TestClient[Any, Any], content: bytes = b"x") -> Any:
    form = FormData()
    form.add_field("file", content, filename="a.wav")
    return await http.post("/v1/upload", data=form, headers=KEY)


async def test_a_full_queue_is_503_with_a_time_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "QUEUE_LIMIT", 1)
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


async def one_outcome(folder: Path, recogniser: Recogniser, sound: Path) -> Job:
    """What becomes of one recording."""
    store, job_id = JobStore(folder), new_id()
    store.audio(job_id).write_bytes(sound.read_bytes())
    store.add(Job(job_id, "me", "a.wav"))
    runner = Runner(store, recogniser)
    runner.start()
    while (job := store.get(job_id, "me")) is not None and job.state == "waiting":
        await asyncio.sleep(0.02)  # the interval of asking; the outcome is what is waited for
    await runner.stop()
    store.close()
    assert job is not None
    return job


async def test_a_process_that_dies_before_its_model_is_loaded_is_a_failed_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    job = await one_outcome(tmp_path, Workers(tmp_path, DESCRIPTION), write_tone(tmp_path / "a.wav"))
    assert job.state == "failed"
    assert job.answer["error"] == {"code": "recogniser_stopped"}
    assert job.answer["message"] == "The recogniser stopped before the end of the audio"


async def test_a_process_that_cannot_start_is_a_failed_job_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "missing"))
    job = await one_outcome(tmp_path, Workers(tmp_path, DESCRIPTION), write_tone(tmp_path / "a.wav"))
    assert job.state == "failed"
    assert job.answer["error"] == {"code": "recogniser_unavailable"}


async def test_progress_is_told_along_the_audio(tmp_path: Path, tiny_workers: Listening) -> None:
    job = await one_outcome(tmp_path, tiny_workers, write_tone(tmp_path / "a.wav", seconds=30))
    assert job.state == "completed"
    assert tiny_workers.told == sorted(tiny_workers.told)
    assert len(tiny_workers.told) >= 30
    assert tiny_workers.told[-1] == 1.0


async def test_one_process_does_job_after_job_until_it_is_killed(tmp_path: Path, tiny_workers: Listening) -> None:
    sound = write_tone(tmp_path / "a.wav")

    async def do() -> int:
        job = Job(new_id(), "me", "a.wav")
        answer = await tiny_workers.recognise(job, sound, lambda _share: None)
        assert answer["segments"] == []
        [worker] = tiny_workers._free
        return worker.process.pid

    first = await do()
    assert await do() == first
    os.kill(first, signal.SIGKILL)
    await tiny_workers._free[0].process.wait()
    assert await do() != first


async def test_a_job_whose_process_was_killed_is_begun_anew_once(tmp_path: Path, tiny_workers: Listening) -> None:
    sound = write_tone(tmp_path / "a.wav", seconds=60)
    killed: list[int] = []

    def kill_the_first(_share: float) -> None:
        if not killed:
            killed.append(tiny_workers.started.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    answer = await tiny_workers.recognise(Job(new_id(), "me", "a.wav"), sound, kill_the_first)
    assert (answer["segments"], answer["duration"]) == ([], 60.0)
    assert killed != [tiny_workers.started.process.pid]


async def test_a_process_without_work_is_let_go(
    tmp_path: Path, tiny_workers: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "IDLE_S", 0.0)
    await tiny_workers.recognise(Job(new_id(), "me", "a.wav"), write_tone(tmp_path / "a.wav"), lambda _share: None)
    process = tiny_workers.started.process
    assert await process.wait() == -signal.SIGKILL


async def test_a_job_that_no_one_waits_for_takes_its_process_along(tmp_path: Path, tiny_workers: Listening) -> None:
    begun = asyncio.Event()
    sound = write_tone(tmp_path / "a.wav", seconds=600)
    doing = tiny_workers.recognise(Job(new_id(), "me", "a.wav"), sound, lambda _share: begun.set())
    job = asyncio.create_task(doing)
    await begun.wait()
    process = tiny_workers.started.process
    job.cancel()
    assert await process.wait() == -signal.SIGKILL


async def test_a_model_that_cannot_be_had_is_replaced_by_base_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WHISPER_MODEL", str(tmp_path / "no-model"))
    opened = await Workers.open(tmp_path / "models")
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
    with pytest.raises(NoRecogniser, match=r"Whisper base can't be stored in .+\."):
        await Workers.open(tmp_path / "models")


class Listening(Workers):
    """The real ones, with an eye on what they report."""

    told: list[float] = []
    started: Worker

    async def recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        self.told.clear()

        def both(share: float) -> None:
            self.told.append(share)
            report(share)

        return await super().recognise(job, audio, both)

    async def _take(self) -> Worker:
        self.started = await super()._take()
        return self.started


@pytest.fixture
async def tiny_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listening]:
    """Processes with the small English model."""
    monkeypatch.setenv("WHISPER_MODEL", MODEL)
    made = Listening(tmp_path / "models", DESCRIPTION)
    yield made
    await made.close()
