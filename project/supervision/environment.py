"""The environment of the processes, with the address and the key of the local speech server."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from project.supervision.model import models_dir

if TYPE_CHECKING:
    from project.instance import Instance
    from project.supervision.procfile import Entry


def with_environment(instance: Instance, entries: list[Entry]) -> Instance:
    """Return the instance with what its processes need: this Python, and the local provider if it runs."""
    variables = {
        **instance.variables,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), instance.variables.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
    }
    if any(entry.name == "speech" for entry in entries):
        variables |= _local_provider(instance)
    return replace(instance, variables=variables)


def _local_provider(instance: Instance) -> dict[str, str]:
    # Each live session takes a core of the local speech server, and two must fit on any machine
    port, sessions = _free_port(), max(2, os.cpu_count() or 1)
    return {
        "SPEECH_PORT": str(port),
        "STT_PROVIDER": "speechstream",
        "STT_API_ENDPOINT": f"http://127.0.0.1:{port}",
        "STT_WS_ENDPOINT": "",
        "STT_MODEL": "",
        "STT_API_KEY": _speech_key(instance.data_dir / "speech_key"),
        "SPEECH_SESSIONS": str(sessions),
        "STT_LIMITS": f"live={sessions}",
        # Models that are downloaded by name are stored below DATA_DIR too, without telemetry
        "HF_HOME": str(models_dir(instance) / "downloads"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }


def _speech_key(path: Path) -> str:
    """Return the local speech server's key, generated once, because its jobs belong to the key that sent them."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(24))
    return path.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
