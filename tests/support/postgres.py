"""A PostgreSQL server of its own that can be killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psutil

# Debian keeps the programs beside their versions, not on the path.
DEBIAN = Path("/usr/lib/postgresql")
PATIENCE_S = 30
IS_ROOT = os.getuid() == 0


def program(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programs, the newest; None where it is not installed."""
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


class Postgres:
    """`with Postgres() as postgres:` - a server on a socket in a folder of its own, of the user `verbatim`."""

    def __init__(self) -> None:
        # Tests' own folders are closed to the user who runs the server
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._cluster = self._folder / "cluster"
        self.url = f"postgres://verbatim@/{self._folder}/postgres"

    def __enter__(self) -> Self:
        if IS_ROOT:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-U", "verbatim", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c max_connections=200"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def kill(self) -> None:
        """kill -9 the server; what is left of it ends on its own, and then it can be started again."""
        server = psutil.Process(int((self._cluster / "postmaster.pid").read_text().split()[0]))
        left = server.children(recursive=True)
        server.kill()
        psutil.wait_procs([server, *left], timeout=PATIENCE_S)

    def _run(self, name: str, *options: str) -> None:
        # The server refuses to run as root
        user = ["runuser", "-u", "postgres", "--"] if IS_ROOT else []
        command = [*user, str(program(name)), "-D", str(self._cluster), *options]
        with (self._folder / "output").open("ab") as output:
            subprocess.run(command, stdout=output, stderr=output, cwd="/", check=True)
