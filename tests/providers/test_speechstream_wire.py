"""What the SpeechStream adapter puts on the wire, to the byte."""

from __future__ import annotations

import re
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from tests.support.audio import write_tone
from tests.support.speech_server.process import SpeechProcess
from transcripts import request_ids
from transcripts.providers.base import Connection, Options
from transcripts.providers.errors import UnknownJob
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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


def test_an_upload_is_byte_for_byte_what_requests_itself_sends(wire: Wire, tone: Path) -> None:
    with request_ids.using(""):  # the id of a request would be one header more
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
    provider.submit(tone, Options(language="en-GB", callback="https://v.example/callbacks/1.x/"))
    _, body = wire.uploads[0]
    assert body.index(b'name="language"\r\n\r\nen-GB\r\n') < body.index(b'name="file"; filename="tone.wav"\r\n')
    assert b'name="webhook_url"\r\n\r\nhttps://v.example/callbacks/1.x/\r\n' in body


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


def test_a_server_without_health_is_there_but_its_key_is_not_verified(wire: Wire) -> None:
    assert not build("speechstream", Connection(endpoint=wire.url, api_key="k")).health().is_key_verified
