"""The queue and the processes behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from speechserver import runner as room
from speechserver.app import SpeechServer
from speechserver.engines import Description, describe_best
from speechserver.jobs import JobStore, new_id
from speechserver.limits import NONE, Gate
from speechserver.live import LiveRoom
from speechserver.runner import ProcessRecogniser, Recogniser, Runner
from speechserver.script_live import ScriptedListener
from tests.support.wav import write_tone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from speechserver.jobs import Job

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


def client(folder: Path, recogniser: Recogniser) -> TestClient[Any, Any]:
    store = JobStore(folder)
    live = LiveRoom(ScriptedListener, None, most=1)
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
    store.add(job_id, owner="me", filename="a.wav", language="")
    runner = Runner(store, recogniser)
    runner.start()
    while (job := store.get(job_id, "me")) is not None and job.state == "waiting":
        await asyncio.sleep(0.02)  # the interval of asking; the outcome is what is waited for
    await runner.stop()
    store.close()
    assert job is not None
    return job


async def test_a_recogniser_that_dies_is_a_failed_job_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    job = await one_outcome(tmp_path, ProcessRecogniser("pocketsphinx", DESCRIPTION), write_tone(tmp_path / "a.wav"))
    assert job.state == "failed"
    assert job.answer["error"] == {"code": "recogniser_stopped"}
    assert job.answer["message"] == "The recogniser stopped before the end of the audio"


async def test_a_recogniser_that_cannot_start_is_a_failed_job_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "missing"))
    job = await one_outcome(tmp_path, ProcessRecogniser("pocketsphinx", DESCRIPTION), write_tone(tmp_path / "a.wav"))
    assert job.state == "failed"
    assert job.answer["error"] == {"code": "recogniser_unavailable"}


async def test_progress_is_told_along_the_audio(tmp_path: Path) -> None:
    job = await one_outcome(
        tmp_path, Listening("pocketsphinx", DESCRIPTION), write_tone(tmp_path / "a.wav", seconds=30)
    )
    assert job.state == "completed"
    assert heard == sorted(heard)
    assert len(heard) >= 30
    assert heard[-1] == 1.0


heard: list[float] = []


class Listening(ProcessRecogniser):
    """The real one, with an ear on what it reports."""

    async def recognise(self, job: Job, audio: Path, report: Callable[[float], None]) -> dict[str, Any]:
        heard.clear()
        return await super().recognise(job, audio, heard.append)


def test_without_a_model_named_pocketsphinx_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WHISPER_MODEL", raising=False)
    name, description = describe_best()
    assert (name, description.is_draft, description.languages) == ("pocketsphinx", True, ("en",))


def test_a_model_that_cannot_be_loaded_leaves_pocketsphinx_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WHISPER_MODEL", str(tmp_path / "no-model"))
    name, _ = describe_best()
    assert name == "pocketsphinx"
    [record] = caplog.records
    assert "faster-whisper cannot be used" in record.message
