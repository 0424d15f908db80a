"""A whole instance as `make run` starts it, and a terminal beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Self

import psutil

from tests.environment import ROOT
from tests.project.network import free_port
from tests.support import prepared_folder
from tests.support.speech_server.process import MODEL
from tests.support.web_client import Person

if TYPE_CHECKING:
    from pathlib import Path

READY = "Verbatim is ready: "


class Instance:
    """`with Instance(folder, STT_LIMITS="none") as instance:` - every process of the Procfile under its supervisor.

    A folder without a database gets a prepared one, which has its administrator.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://localhost:{self.port}"
        kept = {
            name: text for name, text in os.environ.items() if name in ("PATH", "HOME", "LANG", "IMAGEIO_FFMPEG_EXE")
        }
        self.variables = {**kept, "DATA_DIR": str(folder), "PORT": str(self.port)}
        self.variables |= {"WHISPER_MODEL": MODEL, **prepared_folder.ADMINISTRATOR, **variables}
        if not (folder / "verbatim.sqlite3").exists():
            self.prepare()
        self.said: list[str] = []

    def __enter__(self) -> Self:
        # Where the tests themselves are killed, this end of the terminal closes, and the supervisor ends everything
        self.keyboard, terminal = os.openpty()
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.support.terminal", sys.executable, "-m", "project.supervision"],
            cwd=ROOT,
            env=self.variables,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.close(terminal)
        assert self.supervisor.stdout is not None
        for line in self.supervisor.stdout:
            self.said.append(line)
            if line.startswith(READY):
                break
        else:
            raise AssertionError("It did not start:\n" + "".join(self.said))
        self.listener = threading.Thread(target=self.said.extend, args=(self.supervisor.stdout,), daemon=True)
        self.listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.send_signal(signal.SIGTERM)
        self.supervisor.wait(timeout=40)
        self.listener.join()
        assert self.supervisor.stdout is not None
        self.supervisor.stdout.close()
        os.close(self.keyboard)

    def prepare(self) -> None:
        """Make its first start short."""
        prepared_folder.fill(self.folder)

    def press_ctrl_c(self) -> int:
        """Press Ctrl-C in its terminal and wait for the end; returns the exit status."""
        os.write(self.keyboard, b"\x03")
        return self.supervisor.wait(timeout=40)

    def processes(self) -> list[psutil.Process]:
        """The supervisor's processes and all that they started."""
        return psutil.Process(self.supervisor.pid).children(recursive=True)

    def sign_in(self) -> Person:
        """The first administrator, signed in over HTTP as a browser does it."""
        return Person(self.url, self.variables["ADMIN_EMAIL"], self.variables["ADMIN_PASSWORD"])

    def kill(self, name: str) -> None:
        """kill -9 the process of this name and wait until it is gone; what it forked is left to itself."""
        process = psutil.Process(self.pid(name))
        process.kill()
        process.wait(timeout=10)

    def pid(self, name: str) -> int:
        """The process id behind a name of the Procfile."""
        return self.pids()[name]

    def pids(self) -> dict[str, int]:
        """The process ids of the names of the Procfile that run now."""
        ids: dict[str, int] = json.loads((self.folder / "run" / "processes.json").read_text())["processes"]
        return ids

    def transcribe(self, *arguments: object) -> Terminal:
        """Begin `manage.py transcribe` in a terminal of its own."""
        return Terminal(self.manage("transcribe", *arguments))

    def manage(self, *arguments: object) -> subprocess.Popen[str]:
        """Begin a management command."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *(str(argument) for argument in arguments)],
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


class NewInstance(Instance):
    """An instance that prepares its database itself, as a new installation does."""

    def prepare(self) -> None:
        """Leave that to the supervisor."""


class Terminal:
    """A running command whose stages are read as it says them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def until(self, stage: str) -> None:
        """Wait until the command says this stage."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.strip() == stage:
                return
        raise AssertionError(f"It ended without ever {stage.lower()}.")

    def result(self, *, timeout_s: float = 200) -> tuple[int, str, str]:
        """Wait for the end: exit status, what it printed and what it said."""
        output, errors = self.process.communicate(timeout=timeout_s)
        return self.process.returncode, output, errors
