"""Keep every process of one instance running: `python -m project.supervision [Procfile]`.

Standard library only, so that it starts immediately. Nothing outlives it: its children are stopped when it is asked to
stop, and killed by the kernel when it is killed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from project.instance import ROOT, Refusal, read_instance
from project.permissions import set_private_umask, tighten
from project.preflight import (
    check_folder,
    check_port,
    check_provider,
    check_redis,
    check_sign_in,
    lock_folder,
    trusted_proxies,
)
from project.supervision.environment import with_environment
from project.supervision.log import Log
from project.supervision.model import missing_model
from project.supervision.procfile import read_procfile
from project.supervision.supervisor import Supervisor

if TYPE_CHECKING:
    from project.instance import Instance
    from project.supervision.procfile import Entry

REFUSED, INTERRUPTED = 2, 130


def needed(entries: list[Entry], instance: Instance) -> list[Entry]:
    """Return the processes that this instance needs: no Redis or speech server if external ones are configured."""
    external = {"redis"} if instance.has_external_redis else set()
    if instance.has_external_provider:
        external.add("speech")
    return [entry for entry in entries if entry.name not in external]


def runnable(entries: list[Entry], instance: Instance, log: Log) -> list[Entry]:
    """Return the processes that can run: without a model no speech server is started, and one line says why."""
    others = [entry for entry in entries if entry.name != "speech"]
    if len(others) < len(entries) and (missing := missing_model(instance)):
        log.plain(f"Nothing is transcribed for now: {missing}")
        return others
    return entries


def start(procfile: Path) -> None:
    """Check and lock the folder, then run until a signal. Raises Refusal."""
    instance = read_instance(root=procfile.parent)
    check_folder(instance)
    tighten(instance.data_dir)
    with lock_folder(instance):
        check_redis(instance)
        check_provider(instance)
        trusted_proxies(instance)
        check_sign_in(instance)
        check_port(instance)
        entries = needed(read_procfile(procfile), instance)
        log = Log(sys.stdout, [entry.name for entry in entries])
        entries = runnable(entries, instance, log)
        asyncio.run(Supervisor(with_environment(instance, entries), entries, log).run())


def main() -> None:
    """Run the command line; a refusal is one sentence and exit status 2."""
    set_private_umask()
    try:
        start(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "Procfile")
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)
    except KeyboardInterrupt:  # before any process is started
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
