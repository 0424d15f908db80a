"""One instance of Verbatim: its folder, its port, and which of its services are external.

Standard library only, because the set-up reads it before anything is installed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8000


class Refusal(Exception):
    """Verbatim can't start; the message is one plain sentence that says what to do."""


@dataclass(frozen=True)
class Instance:
    """One instance. `variables` is the environment of its processes, `.env` included."""

    root: Path
    data_dir: Path
    port: int
    variables: Mapping[str, str]

    @property
    def run_dir(self) -> Path:
        """The folder for the state of running processes, of no use once they have ended."""
        return self.data_dir / "run"

    @property
    def lock_file(self) -> Path:
        return self.run_dir / "lock"

    @property
    def state_file(self) -> Path:
        """JSON with the process ids by name, rewritten at every change."""
        return self.run_dir / "processes.json"

    @property
    def redis_socket(self) -> Path:
        return self.data_dir / "redis" / "redis.sock"

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def has_external_redis(self) -> bool:
        """Whether REDIS_URL names a Redis, so that none is embedded."""
        return bool(self.variables.get("REDIS_URL"))

    @property
    def has_external_provider(self) -> bool:
        """Whether a speech-to-text provider is configured, so that no local one is started."""
        return bool(self.variables.get("STT_API_ENDPOINT"))


def read_instance(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> Instance:
    """Return the instance that `environ` and the file `.env` describe; the environment wins. Raises Refusal."""
    variables = {**read_dotenv(root / ".env"), **environ}
    data_dir = (root / (variables.get("DATA_DIR") or "var")).resolve()
    port = _port(variables.get("PORT") or str(DEFAULT_PORT))
    return Instance(root, data_dir, port, {**variables, "DATA_DIR": str(data_dir), "PORT": str(port)})


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the settings of a `.env` file: NAME=value lines, comments, optional quotes and `export`."""
    if not path.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in path.read_text().splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, value in pairs}


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value.split(" #")[0].rstrip()


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise Refusal(f"PORT is {text!r}, which isn't a port: set a number from 1 to 65535, for example PORT=8000.")
