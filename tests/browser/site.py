"""A whole web process of its own, with its own data folder, database and Redis, and somebody backstage to fill it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.environment import ROOT, start_redis
from tests.project.network import free_port
from tests.support import prepared_folder

if TYPE_CHECKING:
    from pathlib import Path


class Site:
    """The running web process. `do` runs a function of tests/browser/backstage/ in the site's own database."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            **os.environ,
            "ALLOWED_HOSTS": "",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "REDIS_URL": f"unix://{folder / 'redis.sock'}",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "project.settings",
        }

    def start(self) -> None:
        """Start everything and wait until a page answers."""
        self.redis = start_redis(self.folder / "redis.sock")
        prepared_folder.fill_without_people(self.folder, self.folder / "site.sqlite3")
        self.web = self._python("-m", "project.web")
        self.stage = self._python("-m", "tests.browser.backstage", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop everything that `start` started."""
        for process in (self.stage, self.web, self.redis):
            process.terminate()
            process.wait(timeout=20)
        for pipe in (self.stage.stdin, self.stage.stdout):
            assert pipe is not None
            pipe.close()

    def do(self, name: str, **arguments: Any) -> Any:
        """Run one function backstage and return what it returns. Raises AssertionError with what went wrong there."""
        assert self.stage.stdin is not None
        assert self.stage.stdout is not None
        self.stage.stdin.write(json.dumps([name, arguments]).encode() + b"\n")
        self.stage.stdin.flush()
        answer = json.loads(self.stage.stdout.readline())
        assert "error" not in answer, answer.get("error")
        return answer["result"]

    def stop_web(self) -> None:
        """End the web process as a crash does."""
        self.web.kill()
        self.web.wait()

    def start_web(self) -> None:
        """Start the web process again, on the same port."""
        self.web = self._python("-m", "project.web")
        self._wait_until_it_answers()

    def _python(self, *arguments: str, **pipes: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=self.environment, **pipes)

    def _wait_until_it_answers(self) -> None:
        while self.web.poll() is None:
            try:
                with urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except (URLError, ConnectionError):
                continue
        raise AssertionError("The web process ended before it answered.")
