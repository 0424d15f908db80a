"""Drills: the server misbehaves because someone with its key asked for it, and is itself again afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from speechserver.api.application import SpeechServer, json_errors
from speechserver.api.drills import Drills
from speechserver.api.stream import LiveSessions
from speechserver.scripted.live import ScriptedLiveRecogniser
from tests.speechserver.client import status, upload, wait_for_answer
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

CLOSE = '{"type": "close_stream"}'


@pytest.fixture(scope="module")
def _drilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    with SpeechProcess(tmp_path_factory.mktemp("drilled"), script={}, has_drills=True) as process:
        yield process


@pytest.fixture
def drilled(_drilled: SpeechProcess) -> SpeechProcess:
    """A server that allows drills and has none."""
    _drilled.end_drill()
    return _drilled


def ask(speech: SpeechProcess, method: str = "GET", *, key: str = "", **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {key or speech.key}"}
    return requests.request(method, f"{speech.url}/drill", headers=headers, timeout=10, **options)


def test_a_server_that_was_not_started_for_drills_has_no_such_address(speech: SpeechProcess) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert ask(speech, method, json={"kind": "outage", "seconds": 60}).status_code == 404
    assert upload(speech).status_code == 200


def test_a_drill_wants_the_key(drilled: SpeechProcess) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert ask(drilled, method, key="wrong", json={"kind": "outage", "seconds": 60}).status_code == 401
    assert upload(drilled).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {},
        [],
        {"kind": "outage"},
        {"kind": "fire", "seconds": 60},
        {"kind": "outage", "seconds": 0},
        {"kind": "outage", "seconds": 901},
        {"kind": "outage", "seconds": "long"},
    ],
)
def test_what_is_no_drill_begins_none(drilled: SpeechProcess, asked: object) -> None:
    assert ask(drilled, "POST", json=asked).status_code == 400
    assert ask(drilled, "POST", data='{"kind": "outage", "seconds": 1e400}').status_code == 400
    assert ask(drilled).json() == {"drill": None}


def test_only_one_drill_runs_and_ending_it_twice_harms_nothing(drilled: SpeechProcess) -> None:
    begun = ask(drilled, "POST", json={"kind": "outage", "seconds": 300, "by": "Olena"}).json()["drill"]
    assert (begun["kind"], begun["seconds"], begun["by"]) == ("outage", 300, "Olena")
    assert 0 < begun["seconds_left"] <= 300
    again = ask(drilled, "POST", json={"kind": "slow", "seconds": 60})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "drill_running")
    assert ask(drilled).json()["drill"]["kind"] == "outage"
    for _ in range(2):
        assert ask(drilled, "DELETE").json() == {"drill": None}
    assert upload(drilled).status_code == 200


def test_too_many_requests_says_when_to_ask_again(drilled: SpeechProcess) -> None:
    drilled.drill("too_many")
    answer = upload(drilled)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 15
    assert status(drilled, "x").status_code == 429


def test_an_outage_answers_503_to_all_but_the_drill_itself(drilled: SpeechProcess) -> None:
    drilled.drill("outage")
    assert upload(drilled).status_code == status(drilled, "x").status_code == 503
    health = requests.get(f"{drilled.url}/health", headers={"Authorization": f"Bearer {drilled.key}"}, timeout=10)
    assert (health.status_code, health.json()["status"]) == (503, "error")
    assert ask(drilled).status_code == 200


def test_what_was_taken_before_an_outage_is_answered_after_it(drilled: SpeechProcess) -> None:
    taken = upload(drilled).json()["processing_id"]
    drilled.drill("outage")
    drilled.end_drill()
    assert wait_for_answer(drilled, taken)["status"] == "completed"


def test_a_restart_ends_a_drill(tmp_path_factory: pytest.TempPathFactory) -> None:
    with SpeechProcess(tmp_path_factory.mktemp("restarted"), script={}, has_drills=True) as process:
        process.drill("outage", 900)
        process.restart()
        assert ask(process).json() == {"drill": None}
        assert upload(process).status_code == 200


async def test_dropped_connections_are_cut_and_can_come_again(drilled: SpeechProcess) -> None:
    headers = {"Authorization": f"Bearer {drilled.key}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.ws_connect(f"{drilled.url}/v1/stream?language=en") as socket:
            assert (await socket.receive_json())["type"] == "ready"
            async with session.post(f"{drilled.url}/drill", json={"kind": "dropped", "seconds": 60}):
                assert (await socket.receive()).type == aiohttp.WSMsgType.CLOSED
            assert socket.close_code == 1006
        async with session.ws_connect(f"{drilled.url}/v1/stream?language=en") as socket:
            assert (await socket.receive_json())["type"] == "ready"
            await socket.send_str(CLOSE)
    assert upload(drilled).status_code == 200


class Clock:
    """A monotonic clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def in_process() -> AsyncIterator[tuple[TestClient[Any, Any], Clock]]:
    """Drills before a server that answers "fine", with a clock that can be moved."""
    clock = Clock()
    drills = Drills(LiveSessions(lambda _: ScriptedLiveRecogniser(), None, 1), clock)

    async def fine(_: web.Request) -> web.Response:
        return web.Response(text="fine")

    application = web.Application(middlewares=[json_errors, drills.middleware])
    application.router.add_get("/health", fine)
    drills.add_routes(application, Open())
    async with TestClient(TestServer(application)) as client:
        yield client, clock


class Open(SpeechServer):
    """A server without a key."""

    def __init__(self) -> None:
        """Take nothing."""

    def owner(self, request: web.Request) -> str:
        """Let everyone in."""
        return ""


async def test_a_drill_ends_by_itself(in_process: tuple[TestClient[Any, Any], Clock]) -> None:
    client, clock = in_process
    await client.post("/drill", json={"kind": "outage", "seconds": 60})
    clock.now = 59.9
    assert (await client.get("/health")).status == 503
    clock.now = 60.0
    assert await (await client.get("/health")).text() == "fine"
    assert (await (await client.get("/drill")).json()) == {"drill": None}
    assert (await client.post("/drill", json={"kind": "slow", "seconds": 60})).status == 200


async def test_slowness_answers_late_and_whole(
    in_process: tuple[TestClient[Any, Any], Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = in_process
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("speechserver.api.faults.asyncio.sleep", sleep)
    await client.post("/drill", json={"kind": "slow", "seconds": 60})
    assert await (await client.get("/health")).text() == "fine"
    assert 5.0 in slept
