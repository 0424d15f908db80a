"""The web server's memory stays bounded whatever a client sends, and however slowly it reads."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.environment import ROOT
from tests.project.network import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
MAX_BODY = 8 * MIB + 64 * 1024


class Server:
    """A real web process."""

    def __init__(self, data_dir: Path, file_limit: int | None = None) -> None:
        self.port = free_port()
        self.log = data_dir / "web.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "project.web", "tests.project.web.greedy_app:application"],
                cwd=ROOT,
                env={**os.environ, "PORT": str(self.port), "DATA_DIR": str(data_dir)},
                stderr=log,
                preexec_fn=partial(_limit_files, file_limit) if file_limit else None,
            )

    @property
    def peak(self) -> int:
        """Return its peak memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def connect(self) -> socket.socket:
        """Return a connection, as soon as the server listens."""
        while self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=30)
            except ConnectionRefusedError:
                continue
        raise AssertionError("the web process ended")

    def ask(self, request: bytes) -> bytes:
        """Return the whole answer to a request that ends its connection."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)


def _limit_files(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (most // 2, most))


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(MIB), b""))


def head(method: str, path: str, *headers: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


@contextmanager
def serving(data_dir: Path) -> Iterator[Server]:
    """Run a web process that has answered once."""
    server = Server(data_dir)
    try:
        assert server.ask(head("GET", "/count", "Connection: close")).endswith(b"0")
        yield server
    finally:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests that neither measure its memory nor stop it."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose peak memory is that of this test."""
    with serving(tmp_path) as server:
        yield server


def test_a_body_of_the_largest_size_arrives_whole(server: Server) -> None:
    request = head("PUT", "/count", f"Content-Length: {MAX_BODY}", "Connection: close")
    assert server.ask(request + b"x" * MAX_BODY).endswith(f"{MAX_BODY}".encode())


def test_a_form_of_a_gibibyte_is_refused_immediately_and_costs_no_memory(fresh_server: Server) -> None:
    before = fresh_server.peak
    headers = (f"Content-Length: {1024 * MIB}", "Content-Type: multipart/form-data; boundary=b")
    with fresh_server.connect() as connection:
        connection.sendall(head("POST", "/count", *headers))
        for _ in range(64):  # it continues to send for a while, as browsers do, and can still read why
            connection.sendall(b"x" * MIB)
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413 Content Too Large\r\n")
    assert answer.endswith(b"The request is larger than the 8 MiB that one request may carry.")
    assert fresh_server.peak - before < 16 * MIB


def test_a_form_is_not_parsed_by_the_server(fresh_server: Server) -> None:
    before = fresh_server.peak
    part = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n' + b"x" * (8 * MIB) + b"\r\n--b--\r\n"
    headers = (
        f"Content-Length: {len(part)}",
        "Content-Type: multipart/form-data; boundary=b",
        "Connection: close",
    )
    assert fresh_server.ask(head("POST", "/count", *headers) + part).endswith(str(len(part)).encode())
    assert fresh_server.peak - before < 40 * MIB


def test_a_body_of_unknown_length_is_refused_at_the_cap(fresh_server: Server) -> None:
    before = fresh_server.peak
    piece = b"%x\r\n%s\r\n" % (MIB, b"x" * MIB)
    with fresh_server.connect() as connection:
        connection.sendall(head("POST", "/count", "Transfer-Encoding: chunked"))
        for _ in range(64):
            connection.sendall(piece)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
    assert fresh_server.peak - before < 16 * MIB


def test_a_client_that_expects_100_continue_is_refused_before_it_sends(server: Server) -> None:
    request = head("PUT", "/count", f"Content-Length: {MAX_BODY + 1}", "Expect: 100-continue")
    with server.connect() as connection:
        connection.sendall(request)
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer


def test_headers_without_end_are_refused(server: Server) -> None:
    assert server.ask(b"GET /count HTTP/1.1\r\n" + b"X-More: yes\r\n" * 1400).startswith(b"HTTP/1.1 400 ")


def test_a_slow_reader_of_a_long_answer_costs_no_memory(fresh_server: Server) -> None:
    before = fresh_server.peak
    with fresh_server.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        connection.sendall(head("GET", "/stream"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
        # While this one doesn't read, another gets its answer: the fresh_server isn't blocked
        with fresh_server.connect() as other:
            other.sendall(head("GET", "/stream", "Connection: close"))
            size = sum(len(piece) for piece in iter(lambda: other.recv(MIB), b""))
    assert size > 512 * MIB
    assert fresh_server.peak - before < 64 * MIB


def test_a_client_that_leaves_before_the_end_of_an_answer_leaves_no_error_behind(fresh_server: Server) -> None:
    with fresh_server.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        connection.sendall(head("GET", "/heavy"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
    answers = (fresh_server.ask(head("GET", "/ends", "Connection: close")) for _ in range(10_000))
    ends = next(end for answer in answers if (end := answer.partition(b"\r\n\r\n")[2]))
    assert ends == b"well"


def test_every_answer_has_a_date(server: Server) -> None:
    headers = server.ask(head("GET", "/count", "Connection: close")).partition(b"\r\n\r\n")[0].decode()
    dates = [line.partition(": ")[2] for line in headers.splitlines() if line.lower().startswith("date: ")]
    assert [parsedate_to_datetime(date).tzinfo for date in dates] == [UTC]


async def test_a_socket_that_does_not_read_is_dropped(fresh_server: Server) -> None:
    before = fresh_server.peak
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{fresh_server.port}/flood", max_msg_size=0) as flooded,
    ):
        transport: Any = flooded._writer.transport
        transport.pause_reading()
        async with session.ws_connect(f"http://127.0.0.1:{fresh_server.port}/echo") as other:
            await other.send_str("still there?")
            assert await other.receive_str() == "still there?"
        transport.resume_reading()
        kinds = [message.type async for message in flooded]
    assert len(kinds) < 2048
    assert fresh_server.peak - before < 64 * MIB


async def test_encoded_frames_arrive_whole_and_in_order(server: Server) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{server.port}/few", max_msg_size=0) as socket,
    ):
        await socket.send_str("start")
        numbers = [int.from_bytes((await socket.receive_bytes())[:4]) for _ in range(40)]
        assert await socket.receive_str() == "done"
    assert numbers == list(range(40))


async def test_encoded_frames_are_not_buffered_for_a_client_that_does_not_read(fresh_server: Server) -> None:
    before = fresh_server.peak
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{fresh_server.port}/frames", max_msg_size=0) as flooded,
    ):
        transport: Any = flooded._writer.transport
        transport.pause_reading()
        await flooded.send_str("start")
        async with session.ws_connect(f"http://127.0.0.1:{fresh_server.port}/few") as other:
            await other.send_str("start")
            assert (await other.receive_bytes())[:4] == bytes(4)
        transport.resume_reading()
        kinds = [message.type async for message in flooded]
    assert len(kinds) < 2048
    assert fresh_server.peak - before < 64 * MIB


async def test_a_socket_that_sends_faster_than_it_is_handled_is_closed(server: Server) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{server.port}/deaf") as talker,
    ):
        for _ in range(300):
            await talker.send_str("word")
        await talker.receive()
        assert talker.close_code == 1013


async def test_a_message_larger_than_allowed_is_refused(server: Server) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{server.port}/echo") as talker,
    ):
        await talker.send_str("x" * (256 * 1024 + 1))
        await talker.receive()
        assert talker.close_code == 1009


async def test_at_sigterm_it_finishes_answers_and_tells_sockets_to_reconnect(fresh_server: Server) -> None:
    address = f"http://127.0.0.1:{fresh_server.port}"
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address}/slow") as answer,
        session.ws_connect(f"{address}/echo") as open_socket,
    ):
        assert await answer.content.readexactly(6) == b"begun "
        fresh_server.process.send_signal(signal.SIGTERM)
        await open_socket.receive()
        assert open_socket.close_code == 1012
        assert await answer.content.read() == b"and ended"
    assert await asyncio.to_thread(fresh_server.process.wait) == 0


def test_a_port_in_use_is_reported(tmp_path: Path, server: Server) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "project.web", "tests.project.web.greedy_app:application"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(server.port), "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert "can't listen" in second.stderr
