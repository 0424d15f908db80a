"""The real speech server as a process that tests start, script, kill and question."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import requests

PROJECT = Path(__file__).resolve().parents[3]
KEY = "test-key-1234"
# Real words, at a third of what the default model costs
MODEL = "tiny.en"


class SpeechProcess:
    """`with SpeechProcess(folder, script={...}) as speech:` - `speech.url` and `speech.key` lead to it.

    `script` as in `speechserver.scripted.script`; None runs the real recogniser, tiny.en unless `model` names another.
    Limits as on the command line.
    """

    def __init__(
        self,
        folder: Path,
        *,
        script: dict[str, Any] | None = None,
        limits: str = "none",
        sessions: int = 8,
        model: str = MODEL,
        keys: tuple[str, ...] = (),
        has_drills: bool = False,
    ) -> None:
        self.folder, self.script, self.limits, self.sessions = folder, script, limits, sessions
        self.model, self.has_drills = model, has_drills
        self.keys = keys or (KEY,)
        self.key = self.keys[0]
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.kill()

    @property
    def url(self) -> str:
        """Its address, the same after a restart."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, on the port it had before if it ran before, and wait until it listens."""
        environment = {**os.environ, "WHISPER_MODEL": self.model}
        self.process = subprocess.Popen(
            self._command(), stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "listens on" in line, f"the speech server did not start: {line!r}"
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self) -> int:
        """End it politely; returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it with kill -9."""
        return self._end(signal.SIGKILL)

    def restart(self) -> None:
        """kill -9, then start again with the same data."""
        self.kill()
        self.start()

    def rescript(self, script: dict[str, Any]) -> None:
        """Replace the script of the running server; its ledger and its counting begin anew."""
        self._control("PUT", "/script", json=script)

    def release(self) -> None:
        """Finish the jobs of a script with `"seconds": null`."""
        self._control("POST", "/script/release")

    def ledger(self, kind: str = "") -> list[dict[str, Any]]:
        """Every request so far, or those of one kind: upload, status, health."""
        entries: list[dict[str, Any]] = self._control("GET", "/script/ledger").json()
        return [entry for entry in entries if kind in ("", entry["on"])]

    def billed(self) -> list[dict[str, Any]]:
        """The uploads that it took, whether its answer arrived or not."""
        return [entry for entry in self.ledger("upload") if entry["processing_id"]]

    def drill(self, kind: str, seconds: int = 60) -> None:
        """Begin a drill, as the console does."""
        self._control("POST", "/drill", json={"kind": kind, "seconds": seconds}, headers=self._bearer)

    def end_drill(self) -> None:
        """End the drill, if one runs."""
        self._control("DELETE", "/drill", headers=self._bearer)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def until_taken(self) -> None:
        """Wait until it took an upload, whether it answers or not."""
        while not self.billed():
            time.sleep(0.01)

    def _control(self, method: str, path: str, **options: Any) -> requests.Response:
        response = requests.request(method, self.url + path, timeout=10, **options)
        response.raise_for_status()
        return response

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "speechserver", "--port", str(self.port), "--limits", self.limits]
        command += ["--data", str(self.folder), "--sessions", str(self.sessions)]
        command += ["--drills"] if self.has_drills else []
        for key in self.keys:
            command += ["--key", key]
        if self.script is not None:
            path = self.folder / "script.json"
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(self.script), "utf-8")
            command += ["--script", str(path)]
        return command

    def _end(self, number: int) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process = None
        return code
