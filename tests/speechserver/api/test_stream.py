"""`/v1/stream`: audio in, words out, live."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from speechserver.api import stream
from speechserver.api.stream import LiveSessions
from speechserver.scripted.live import ScriptedLiveRecogniser
from tests.support.audio import write_tone
from tests.support.speech_server.process import SpeechProcess
from tests.support.speech_server.recogniser import live_segments_of, samples_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from speechserver.live.recogniser import LiveRecogniser

FRAME = b"\0" * 3_200  # a tenth of a second
CLOSE = '{"type": "close_stream"}'

Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def connected(speech: SpeechProcess, *, key: str = "", query: str = "language=en") -> AsyncIterator[Socket]:
    headers = {"Authorization": f"Bearer {key or speech.key}"}
    url = f"{speech.url}/v1/stream?{query}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as socket:
        yield socket


@asynccontextmanager
async def in_process(
    recogniser: Callable[[], LiveRecogniser] = ScriptedLiveRecogniser, *, limit: int = 1
) -> AsyncIterator[Any]:
    """A server in this process; gives what makes a connection."""
    sessions = LiveSessions(lambda _: recogniser(), None, limit)

    async def serve(request: web.Request) -> web.StreamResponse:
        return await sessions.serve(request, is_authorized=True)

    application = web.Application()
    application.router.add_get("/v1/stream", serve)
    async with TestServer(application) as server, aiohttp.ClientSession() as session:
        yield lambda: session.ws_connect(server.make_url("/v1/stream"))


async def rest(socket: Socket) -> list[dict[str, Any]]:
    """Return the messages until the end."""
    return [json.loads(message.data) async for message in socket]


async def test_a_session_sends_partials_then_finals_then_closed(speech: SpeechProcess) -> None:
    async with connected(speech) as socket:
        ready = await socket.receive_json()
        assert ready["type"] == "ready"
        assert ready["session_id"]
        for _ in range(32):
            await socket.send_bytes(FRAME)
        await socket.send_str(CLOSE)
        sent = await rest(socket)
        assert socket.close_code == 1000
    assert {"type": "partial", "segment": 0, "text": "w0 w500"} in sent
    first, last = (message for message in sent if message["type"] == "final")
    assert first["text"] == "w0 w500 w1000 w1500 w2000"
    assert (first["segment"], first["start"], first["end"], first["language"]) == (0, 0.0, 2.5, "en")
    assert first["words"][1] == {"word": "w500", "start": 0.5, "end": 1.0, "confidence": 1.0}
    assert (last["segment"], last["text"]) == (1, "w2500")
    assert sent[-1] == {"type": "closed", "duration": 3.2}


async def test_a_client_that_sends_one_and_waits_for_one_never_hangs(speech: SpeechProcess) -> None:
    async with connected(speech) as socket:
        await socket.receive_json()
        for _ in range(60):
            await socket.send_bytes(FRAME)
            assert (await socket.receive_json())["type"] in ("partial", "final")


async def test_the_real_recogniser_answers_each_frame_of_silence_too(recognising_speech: SpeechProcess) -> None:
    async with connected(recognising_speech) as socket:
        await socket.receive_json()
        for frame in (FRAME, b"\0", b"\0\0\0", FRAME):
            await socket.send_bytes(frame)
            assert await socket.receive_json() == {"type": "partial", "segment": 0, "text": ""}


async def test_finalize_makes_the_rest_final_and_the_session_continues(speech: SpeechProcess) -> None:
    async with connected(speech) as socket:
        for _ in range(6):
            await socket.send_bytes(FRAME)
        await socket.send_str('{"type": "finalize"}')
        await socket.send_str('{"type": "keepalive"}')
        for _ in range(5):
            await socket.send_bytes(FRAME)
        await socket.send_str(CLOSE)
        sent = await rest(socket)
    assert [message["text"] for message in sent if message["type"] == "final"] == ["w0", "w500"]


@pytest.mark.parametrize(
    ("sent", "close", "code"),
    [(b"\0" * 16_385, 4413, "frame_too_big"), ("no json", 1003, "bad_message"), ("[]", 1003, "bad_message")],
)
async def test_an_invalid_frame_is_reported_and_ends_the_session(
    speech: SpeechProcess, sent: bytes | str, close: int, code: str
) -> None:
    async with connected(speech) as socket:
        await (socket.send_bytes(sent) if isinstance(sent, bytes) else socket.send_str(sent))
        answers = await rest(socket)
        assert socket.close_code == close
    assert answers[-1]["type"] == "error"
    assert answers[-1]["code"] == code
    assert len(answers[-1]["message"].split()) > 4


@pytest.mark.parametrize(
    ("key", "query", "close", "code"),
    [
        ("wrong", "", 4401, "unauthorized"),
        ("", "encoding=opus", 4415, "unsupported_encoding"),
        ("", "sample_rate=8000", 4415, "unsupported_encoding"),
        ("", "language=de-AT", 4422, "language_not_supported"),
    ],
)
async def test_a_session_that_cannot_begin_says_why(
    recognising_speech: SpeechProcess, key: str, query: str, close: int, code: str
) -> None:
    async with connected(recognising_speech, key=key, query=query) as socket:
        [message] = await rest(socket)
        assert (socket.close_code, message["type"], message["code"]) == (close, "error", code)


async def test_a_browser_sends_its_key_in_the_query(speech: SpeechProcess) -> None:
    """As the guide's sample for browsers does, which can send no headers."""
    for key, first in ((speech.key, "ready"), ("wrong", "error"), ("", "error")):
        url = f"{speech.url}/v1/stream?language=en&token={key}"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == first


async def test_a_wrong_key_in_a_header_is_not_replaced_by_one_in_the_query(speech: SpeechProcess) -> None:
    async with connected(speech, key="wrong", query=f"token={speech.key}") as socket:
        assert (await socket.receive_json())["code"] == "unauthorized"


async def test_sessions_are_limited_and_a_slot_is_released() -> None:
    async with in_process(limit=1) as connect:
        async with connect() as first:
            await first.receive_json()
            async with connect() as second:
                [message] = await rest(second)
                assert (second.close_code, message["code"]) == (4429, "too_many_sessions")
            await first.send_str(CLOSE)
            await rest(first)
        async with connect() as third:
            assert (await third.receive_json())["type"] == "ready"


async def test_silence_of_the_client_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "IDLE_S", 0.05)
    async with in_process() as connect, connect() as socket:
        sent = await rest(socket)
        assert (socket.close_code, sent[-1]["code"]) == (4408, "idle")


async def test_a_recogniser_that_dies_is_reported() -> None:
    class Dying(ScriptedLiveRecogniser):
        async def messages(self) -> AsyncIterator[dict[str, Any]]:
            yield {"type": "ready"}

    async with in_process(Dying) as connect, connect() as socket:
        sent = await rest(socket)
        assert (socket.close_code, sent[-1]["code"]) == (1011, "internal_error")


async def test_a_slow_recogniser_is_covered_by_keepalives(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(ScriptedLiveRecogniser):
        async def feed(self, samples: bytes) -> None:
            """Never answer."""

    monkeypatch.setattr(stream, "KEEPALIVE_S", 0.01)
    async with in_process(Slow) as connect, connect() as socket:
        await socket.receive_json()
        await socket.send_bytes(FRAME)
        assert await socket.receive_json() == {"type": "partial", "segment": 0, "text": ""}


async def test_a_client_may_wait_for_a_recogniser_longer_than_it_may_be_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(ScriptedLiveRecogniser):
        async def start(self) -> None:
            asyncio.get_running_loop().call_later(0.2, self._messages.put_nowait, {"type": "ready"})

    monkeypatch.setattr(stream, "IDLE_S", 0.05)
    async with in_process(Late) as connect, connect() as socket:
        assert (await socket.receive_json())["type"] == "ready"
        await rest(socket)
        assert socket.close_code == 4408


@pytest.mark.parametrize(("code", "close"), [("too_slow", 4424), ("no_recogniser", 4425)])
async def test_a_recogniser_that_cannot_start_says_why_and_ends_the_session(code: str, close: int) -> None:
    class Unable(ScriptedLiveRecogniser):
        async def start(self) -> None:
            self._messages.put_nowait({"type": "error", "code": code, "message": "It cannot."})

    async with in_process(Unable) as connect, connect() as socket:
        assert await socket.receive_json() == {"type": "error", "code": code, "message": "It cannot."}
        await rest(socket)
        assert socket.close_code == close


async def test_a_server_that_stops_closes_sessions_and_leaves_no_process(tmp_path: Path) -> None:
    with SpeechProcess(tmp_path) as speech:
        assert speech.process is not None
        server = psutil.Process(speech.process.pid)
        async with connected(speech) as socket:
            assert (await socket.receive_json())["type"] == "ready"
            [recogniser] = live_processes(server)
            server.terminate()
            await rest(socket)
            assert socket.close_code == 1001
        recogniser.wait(timeout=20)


def live_processes(server: psutil.Process) -> list[psutil.Process]:
    """The processes of live sessions."""
    return [process for process in server.children() if "speechserver.live.process" in process.cmdline()]


async def test_the_process_of_a_client_that_leaves_ends(recognising_speech: SpeechProcess) -> None:
    assert recognising_speech.process is not None
    server = psutil.Process(recognising_speech.process.pid)
    async with connected(recognising_speech) as socket:
        await socket.receive_json()
        recognisers = live_processes(server)
        assert recognisers
    for recogniser in recognisers:
        recogniser.wait(timeout=20)


@pytest.mark.parametrize("loudness", [0.0, 0.3])
async def test_silence_and_a_tone_hold_no_words_not_even_for_a_moment(
    recognising_speech: SpeechProcess, tmp_path: Path, loudness: float
) -> None:
    audio = samples_of(write_tone(tmp_path / "a.wav", seconds=3, loudness=loudness))
    sent = await transcribe(recognising_speech, audio)
    assert {message["text"] for message in sent if "text" in message} <= {""}
    assert sent[-1] == {"type": "closed", "duration": 3.0}


@pytest.mark.corpus
async def test_words_are_those_of_the_file_recogniser_and_appear_while_spoken(
    recognising_speech: SpeechProcess, corpus: Path
) -> None:
    path = corpus / "speech" / "en_read_lj050.wav"
    sent = await transcribe(recognising_speech, samples_of(path), pace_s=0.1)
    expected = live_segments_of(path)
    finals = [message for message in sent if message["type"] == "final"]
    names = ("text", "start", "end", "words")
    assert [[final[name] for name in names] for final in finals] == [[one[name] for name in names] for one in expected]
    assert max(len(message["text"].split()) for message in sent if message["type"] == "partial") > 5


@pytest.mark.corpus
async def test_live_words_in_the_vocabulary_are_spelled_as_they_are_there(
    recognising_speech: SpeechProcess, corpus: Path
) -> None:
    audio = samples_of(corpus / "speech" / "en_read_librivox_0870.wav")
    sent = await transcribe(recognising_speech, audio, query="language=en&vocabulary=Jon+Dashwoode")
    assert "Jon Dashwoode had" in " ".join(message["text"] for message in sent if message["type"] == "final")


async def transcribe(
    speech: SpeechProcess, audio: bytes, *, pace_s: float = 0.0, query: str = "language=en"
) -> list[dict[str, Any]]:
    """Send audio in frames of a tenth of a second, the last one shorter; return the messages."""
    async with connected(speech, query=query) as socket:
        await socket.receive_json()
        for place in range(0, len(audio), len(FRAME)):
            await socket.send_bytes(audio[place : place + len(FRAME)])
            await asyncio.sleep(pace_s)  # the speaker's own pace
        await socket.send_str(CLOSE)
        return await rest(socket)
