"""The image and compose.yaml stay in step with the project; scripts/smoke_image.sh tests the image itself."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from project.supervision.procfile import read_procfile
from tests.environment import ROOT
from tests.project.network import free_port
from tests.project.supervision.supervised import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_SHIPPED = {"bench", "scripts", "tests"}


def test_every_package_is_in_the_image() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_SHIPPED
    dockerfile, context = (ROOT / "Dockerfile").read_text(), (ROOT / ".dockerignore").read_text()
    assert [room for room in rooms if f"COPY {room} {room}\n" not in dockerfile] == []
    assert [room for room in rooms if f"!{room}\n" not in context] == []


@pytest.mark.parametrize("lock", ["base", "models", "node"])
def test_the_image_holds_all_that_make_run_installs(lock: str) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    (install,) = [line for line in dockerfile.splitlines() if line.startswith("RUN ") and f"{lock}.txt" in line]
    assert "--require-hashes" in install
    assert ("--no-deps" in install) == (lock == "models")


def test_the_image_joins_and_downloads_models_into_the_volume() -> None:
    speech = (ROOT / "compose.yaml").read_text().split("\n  speech:\n")[1].split("\n\n")[0]
    assert "WHISPER_MODEL: ${WHISPER_MODEL:-}" in speech
    assert "HF_HOME: /data/models/" in speech


@pytest.mark.parametrize("name", ["media", "provider", "default", "conductor"])
def test_compose_runs_the_processes_of_the_procfile(name: str) -> None:
    (entry,) = [entry for entry in read_procfile(ROOT / "Procfile") if entry.name == name]
    assert f"  {name}:\n    <<: *process\n    command: {' '.join(entry.words)}\n" in (ROOT / "compose.yaml").read_text()


@contextmanager
def health(status: int) -> Iterator[int]:
    """Serve a health check with this status; yield its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write(b"as it is")

        def log_message(self, format: str, *args: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def probe(port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "project.web.health_probe"]
    return subprocess.run(command, cwd=ROOT, env=environment(PORT=str(port)), capture_output=True, text=True)


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_reports_the_answer_of_the_web_process(status: int, code: int) -> None:
    with health(status) as port:
        answer = probe(port)
    assert (answer.returncode, answer.stdout) == (code, "as it is\n")


def test_the_health_check_fails_if_nothing_listens() -> None:
    answer = probe(free_port())
    assert answer.returncode == 1
    assert answer.stderr.startswith("The web process doesn't answer: ")
