"""Run a real supervisor with a small Procfile in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil

from tests.environment import ROOT
from tests.project.network import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READY = "Verbatim is ready: "

WEB = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *args): pass
print("web is up", flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
MANAGE = """
import os, sys
print("ran", *sys.argv[1:])
open(os.environ["DATA_DIR"] + "/verbatim.sqlite3", "a")
"""
# Starts a grandchild that leaves the process group, as a work-horse does, and ignores polite requests
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgrp()
print("stubborn is up", flush=True)
time.sleep(3600)
"""


class Supervised:
    """A running supervisor: its output and its processes."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], port: int) -> None:
        self.folder, self.process, self.port = folder, process, port
        self.lines: list[str] = []

    def read_until(self, wanted: str) -> list[str]:
        """Return the lines up to and including the first that contains `wanted`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if wanted in line:
                return self.lines
        raise AssertionError(f"never printed {wanted!r}:\n" + "\n".join(self.lines))

    def rest(self) -> list[str]:
        """Return all remaining lines, once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read().splitlines()

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.folder / "var/run/processes.json").read_text())
        return state

    def pid(self, name: str) -> int:
        pid: int = self.state["processes"][name]
        return pid

    def family(self) -> list[psutil.Process]:
        """Return every process below the supervisor."""
        return psutil.Process(self.process.pid).children(recursive=True)


def lay_out(folder: Path, procfile: str) -> None:
    """Write what a supervisor needs: a Procfile, a manage.py (unless there is one), and programs."""
    for name, text in {
        "web.py": WEB,
        "manage.py": MANAGE,
        "stubborn.py": STUBBORN,
        "Procfile": procfile,
    }.items():
        if name != "manage.py" or not (folder / name).exists():
            (folder / name).write_text(text)
    (folder / "requirements").mkdir(exist_ok=True)
    (folder / "requirements" / "base.txt").touch()


def environment(**extra: str) -> dict[str, str]:
    """Return an environment with only the paths to Python and to the project."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **extra}


@contextmanager
def supervised(folder: Path, procfile: str, **extra: str) -> Iterator[Supervised]:
    """Run a supervisor with `procfile`; kill it afterwards in any case."""
    lay_out(folder, procfile)
    port = int(extra.setdefault("PORT", str(free_port())))
    process = subprocess.Popen(
        [sys.executable, "-m", "project.supervision", str(folder / "Procfile")],
        env=environment(**extra),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Supervised(folder, process, port)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
