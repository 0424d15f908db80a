"""The SpeechStream adapter: the contract, and what is particular to it."""

from __future__ import annotations

import re
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from tests.providers.contract import PolledContract
from tests.support.audio import write_tone
from tests.support.speech_server.process import SpeechProcess
from transcripts.providers.base import Connection, Limits, Options, RateRule, State
from transcripts.providers.errors import AuthenticationFailed, UnknownJob, Unreadable
from transcripts.providers.registry import build, find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from transcripts.providers.base import Provider


class TestContract(PolledContract):
    kind = "speechstream"
    pause_ms = 60_000
    status_pause_ms = 5_000

    @pytest.fixture
    def peer(self, speech: SpeechProcess) -> SpeechProcess:
        return speech


class Wire(ThreadingHTTPServer):
    """Keeps the bytes of each upload and takes every one."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WireHandler)
        self.connections = 0
        self.uploads: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class WireHandler(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploads.append((dict(self.headers), body))
        self.reply(200, b'{"processing_id": "one"}')

    def do_GET(self) -> None:
        self.reply(404, b"")

    def reply(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def provider(speech: SpeechProcess) -> Provider:
    return build("speechstream", Connection(endpoint=speech.url, api_key=speech.key))


def test_an_upload_is_byte_for_byte_what_requests_itself_sends(wire: Wire, tone: Path) -> None:
    build("speechstream", Connection(endpoint=wire.url, api_key="k")).submit(tone, Options())
    with tone.open("rb") as file:
        requests.post(
            f"{wire.url}/v1/upload",
            headers={"Authorization": "Bearer k"},
            files={"file": ("tone.wav", file, "audio/wav")},
            timeout=10,
        )
    (ours, our_body), (theirs, their_body) = wire.uploads
    boundary = re.compile(rb"[0-9a-f]{32}")
    assert boundary.sub(b"B", our_body) == boundary.sub(b"B", their_body)
    for name in ("Authorization", "Content-Length"):
        assert ours[name] == theirs[name]
    assert ours.keys() == theirs.keys()


def test_options_come_before_the_file_and_only_when_wished(wire: Wire, tone: Path) -> None:
    provider = build("speechstream", Connection(endpoint=wire.url, api_key="k"))
    provider.submit(tone, Options(language="en-GB"))
    _, body = wire.uploads[0]
    assert body.index(b'name="language"\r\n\r\nen-GB\r\n') < body.index(b'name="file"; filename="tone.wav"\r\n')


def test_a_stored_file_without_an_extension_is_sent_with_one_and_its_type(
    wire: Wire, tone: Path, tmp_path: Path
) -> None:
    stored = tmp_path / "3f2a"
    stored.write_bytes(tone.read_bytes())
    build("speechstream", Connection(endpoint=wire.url, api_key="k")).submit(stored, Options(content_type="audio/flac"))
    [(_, body)] = wire.uploads
    assert b'name="file"; filename="3f2a.flac"\r\nContent-Type: audio/flac\r\n\r\n' in body


def test_checks_keep_their_connection(wire: Wire) -> None:
    provider = build("speechstream", Connection(endpoint=wire.url, api_key="k"))
    for _ in range(3):
        with pytest.raises(UnknownJob):
            provider.check("any")
    assert wire.connections == 1


def test_an_upload_takes_no_memory_here_or_there(tmp_path: Path) -> None:
    size = 64 * 1024**2
    with (tmp_path / "long.wav").open("wb") as file:
        file.truncate(size)
    with SpeechProcess(tmp_path / "server", script={}) as speech:
        provider = build("speechstream", Connection(endpoint=speech.url, api_key=speech.key))
        provider.submit(write_tone(tmp_path / "tone.wav"), Options())
        assert speech.process is not None
        server = psutil.Process(speech.process.pid)
        before = server.memory_info().rss
        tracemalloc.start()
        provider.submit(tmp_path / "long.wav", Options())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert speech.billed()[-1]["bytes"] == size
        assert peak < size // 16
        assert server.memory_info().rss - before < size // 4


def test_health_tells_the_engine(provider: Provider, speech: SpeechProcess) -> None:
    speech.rescript({"engine": "small", "draft": True, "languages": ["en"]})
    health = provider.health()
    assert (health.engine, health.is_draft, health.languages) == ("small", True, ("en",))
    assert health.is_key_verified


def test_a_wrong_key_is_seen_without_an_upload(speech: SpeechProcess) -> None:
    with pytest.raises(AuthenticationFailed):
        build("speechstream", Connection(endpoint=speech.url, api_key="wrong")).health()


def test_a_server_without_health_is_there_but_its_key_is_not_verified(wire: Wire) -> None:
    assert not build("speechstream", Connection(endpoint=wire.url, api_key="k")).health().is_key_verified


def test_health_is_found_at_its_second_address(speech: SpeechProcess, provider: Provider) -> None:
    speech.rescript({"engine": "small", "faults": [{"on": "health", "nth": 1, "do": "answer", "code": 404}]})
    assert provider.health().engine == "small"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", State.PROCESSING),
        ("queued", State.PROCESSING),
        ("pending", State.PROCESSING),
        ("uploaded", State.PROCESSING),
        ("in_progress", State.PROCESSING),
        ("completed", State.COMPLETED),
        ("failed", State.FAILED),
        ("error", State.FAILED),
        ("cancelled", State.FAILED),
        ("success", State.COMPLETED),
        ("exploded", State.COMPLETED),
        (None, State.COMPLETED),
    ],
)
def test_a_text_is_taken_whatever_word_is_beside_it_unless_it_says_failure(
    speech: SpeechProcess, provider: Provider, status: str | None, state: State
) -> None:
    body = {"status": status, "transcription": "x"}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert answer.state is state
    assert (len(answer.message.split()) > 3) == (state is State.FAILED)


@pytest.mark.parametrize(("told", "progress"), [(0.5, 0.5), (7, 1.0), (-1, 0.0), ("half", None), (True, None)])
def test_progress_is_between_0_and_1_or_not_known(
    speech: SpeechProcess, provider: Provider, told: object, progress: float | None
) -> None:
    body = {"status": "processing", "progress": told}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    assert provider.check("any").progress == progress


def test_progress_that_is_no_number_is_not_known(speech: SpeechProcess, provider: Provider) -> None:
    body = '{"status": "processing", "progress": NaN}'
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    assert provider.check("any").progress is None


@pytest.mark.parametrize("status", ["exploded", "success"])
def test_a_word_that_is_not_known_without_a_text_is_a_failure_with_a_sentence(
    speech: SpeechProcess, provider: Provider, status: str
) -> None:
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": {"status": status, "transcription": ""}}]})
    answer = provider.check("any")
    assert answer.state is State.FAILED
    assert len(answer.message.split()) > 3


def test_completed_without_a_text_is_an_empty_transcript(speech: SpeechProcess, provider: Provider) -> None:
    body = {"status": "completed", "transcription": None}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert answer.state is State.COMPLETED
    assert provider.parse(answer.raw).segments == ()


@pytest.mark.parametrize(
    ("body", "processing_id"),
    [
        ({"processing_id": 4711}, "4711"),
        ({"processing_id": 10**30}, "1" + "0" * 30),
        ('{"processing_id": "job-7", "status": "proc', "job-7"),
        ('<!-- proxy -->{"processing_id": 99}', "99"),
    ],
)
def test_a_number_is_an_id_and_one_in_a_damaged_answer_is_found(
    speech: SpeechProcess, provider: Provider, tone: Path, body: object, processing_id: str
) -> None:
    speech.rescript({"faults": [{"on": "upload", "do": "answer", "body": body, "taken": True}]})
    assert provider.submit(tone, Options()).processing_id == processing_id


@pytest.mark.parametrize("given", ["x" * 201, "a\0b", "", True, 1.5, ["id"]])
def test_an_id_that_is_none_is_not_paid_for_again(
    speech: SpeechProcess, provider: Provider, tone: Path, given: object
) -> None:
    body = {"processing_id": given}
    speech.rescript({"faults": [{"on": "upload", "do": "answer", "body": body, "taken": True}]})
    with pytest.raises(Unreadable):
        provider.submit(tone, Options())


def test_what_a_provider_says_of_itself_fits_its_columns(speech: SpeechProcess, provider: Provider) -> None:
    body = {"engine": "e\0" * 200, "languages": ["english", "de_DE", None, "x" * 50]}
    speech.rescript({"faults": [{"on": "health", "do": "answer", "body": body}]})
    health = provider.health()
    assert health.engine == "e" * 120
    assert health.languages == ("en", "de-DE")


def test_an_id_is_sent_back_as_it_came(speech: SpeechProcess, provider: Provider) -> None:
    body = {"status": "processing"}
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    assert provider.check("a/b?c&d=é+ %").processing_id == "a/b?c&d=é+ %"


def test_documented_limits_are_data() -> None:
    assert find("speechstream").documented_limits == Limits(RateRule(5, 60_000), status_interval_ms=5_000)


def test_a_kind_that_nobody_wrote_is_named() -> None:
    with pytest.raises(ValueError, match="'telegraph'; there are: speechstream, pulse"):
        build("telegraph", Connection(endpoint="http://x", api_key="k"))


@pytest.mark.parametrize(
    "body",
    [
        {"status": "processing", "stage": "queued", "progress": 0.0},
        {"status": "queued", "progress": 0},
        {"status": "Pending"},
        {"status": "uploaded"},
    ],
)
def test_audio_that_waits_at_the_provider_has_no_progress(
    speech: SpeechProcess, provider: Provider, body: dict[str, object]
) -> None:
    speech.rescript({"faults": [{"on": "status", "do": "answer", "body": body}]})
    answer = provider.check("any")
    assert (answer.state, answer.is_queued, answer.progress) == (State.PROCESSING, True, None)
