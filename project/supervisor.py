"""Keeps every process of one Verbatim running: `python -m project.supervisor [Procfile]`.

Standard library only, so that it is up at once. Nothing outlives it: its children are stopped when it is
asked to stop, and killed by the kernel when it is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from project.instance import ROOT, Refusal, read_instance
from project.preflight import check_folder, check_port, check_provider, check_redis, hold, trusted_proxies
from project.private import keep_private, tighten
from project.supervision.child import Child
from project.supervision.log import Log
from project.supervision.model import missing_model, models_dir
from project.supervision.preparation import prepare
from project.supervision.procfile import Entry, read_procfile
from project.supervision.readiness import until_ready

if TYPE_CHECKING:
    from project.instance import Instance

REFUSED, INTERRUPTED = 2, 130
# A model that is loaded is there by then; one that is downloaded first keeps no one from the pages
SPEECH_PATIENCE_S = 15.0


class Supervisor:
    """The children of one instance: Redis first, then the database is prepared, then all others at once."""

    def __init__(self, instance: Instance, entries: list[Entry], log: Log) -> None:
        self.instance, self.log = instance, log
        self.children = [Child(entry.name, entry.argv(instance.variables), instance, log) for entry in entries]
        self._keepers: list[asyncio.Task[None]] = []
        self._stop, self._hurry = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        """Run everything until a signal asks to stop. Raises Refusal if the database cannot be prepared."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop)
        bring_up = asyncio.create_task(self._bring_up())
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([bring_up, stop], return_when=asyncio.FIRST_COMPLETED)
            if bring_up.done():
                await bring_up
                await stop
        finally:
            bring_up.cancel()
            await self._take_down()

    def _asked_to_stop(self) -> None:
        """The first time with grace, the second time at once."""
        if self._stop.is_set():
            self._hurry.set()
        else:
            self.log.plain("Stopping. Ask again to stop at once.")
        self._stop.set()

    async def _bring_up(self) -> None:
        stores = [child for child in self.children if child.name == "redis"]
        others = [child for child in self.children if child.name != "redis"]
        self._keep(stores)
        await asyncio.gather(prepare(self.instance, self.log), *self._readiness(stores))
        self._keep(others)
        await asyncio.gather(*self._readiness([child for child in others if child.name != "speech"]))
        await self._wait_for_speech([child for child in others if child.name == "speech"])
        self.log.plain(f"Verbatim is ready: {self.instance.address}")

    async def _wait_for_speech(self, speech: list[Child]) -> None:
        """Give the local speech server some time to load its model, or say what happens until it has."""
        waiting = self._readiness(speech)
        if waiting and (await asyncio.wait(waiting, timeout=SPEECH_PATIENCE_S))[1]:
            self.log.plain("The local speech server is still loading its model; recordings wait for it.")
            for task in waiting:
                task.cancel()

    def _keep(self, children: list[Child]) -> None:
        self._keepers += [asyncio.create_task(child.keep_running(self._write_state)) for child in children]

    def _readiness(self, children: list[Child]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(until_ready(child, self.instance)) for child in children]

    async def _take_down(self) -> None:
        """Redis goes last: the others may still have something to hand in."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(child.stop(self._hurry) for child in self.children if child.name != "redis"))
        await asyncio.gather(*(child.stop(self._hurry) for child in self.children))
        self.instance.state_file.unlink(missing_ok=True)

    def _write_state(self) -> None:
        state = {
            "supervisor": os.getpid(),
            "address": self.instance.address,
            "processes": {child.name: child.pid for child in self.children if child.pid is not None},
        }
        draft = self.instance.state_file.with_suffix(".new")
        draft.write_text(json.dumps(state, indent=1))
        draft.replace(self.instance.state_file)


def equip(instance: Instance, entries: list[Entry]) -> Instance:
    """Return the instance with what its processes need from us: our Python, and the local provider if it runs."""
    variables = {
        **instance.variables,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), instance.variables.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
    }
    if any(entry.name == "speech" for entry in entries):
        variables |= _local_provider(instance)
    return replace(instance, variables=variables)


def _local_provider(instance: Instance) -> dict[str, str]:
    # Each live session takes the local speech server a core, and one must not keep the second speaker out
    port, sessions = _free_port(), max(2, os.cpu_count() or 1)
    return {
        "SPEECH_PORT": str(port),
        "STT_PROVIDER": "speechstream",
        "STT_API_ENDPOINT": f"http://127.0.0.1:{port}",
        "STT_WS_ENDPOINT": "",
        "STT_API_KEY": _speech_key(instance.data_dir / "speech_key"),
        "SPEECH_SESSIONS": str(sessions),
        "STT_LIMITS": f"live={sessions}",
        # Downloads of models by name lie below DATA_DIR too, and tell nothing else of this machine
        "HF_HOME": str(models_dir(instance) / "downloads"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }


def _speech_key(path: Path) -> str:
    """The local speech server's key: made once, because its jobs belong to the key that sent them."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(24))
    return path.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wanted(entries: list[Entry], instance: Instance) -> list[Entry]:
    """The processes that this instance needs: no Redis and no speech server where others are configured."""
    brought = {"redis"} if instance.brings_redis else set()
    if instance.brings_provider:
        brought.add("speech")
    return [entry for entry in entries if entry.name not in brought]


def able(entries: list[Entry], instance: Instance, log: Log) -> list[Entry]:
    """Return the processes that can run: without a model there is no local speech server, and one sentence says why."""
    others = [entry for entry in entries if entry.name != "speech"]
    if len(others) < len(entries) and (missing := missing_model(instance)):
        log.plain(f"Nothing is transcribed for now: {missing}")
        return others
    return entries


def start(procfile: Path) -> None:
    """Check, take the folder, and run until asked to stop. Raises Refusal."""
    instance = read_instance(root=procfile.parent)
    check_folder(instance)
    tighten(instance.data_dir)
    with hold(instance):
        check_redis(instance)
        check_provider(instance)
        trusted_proxies(instance)
        check_port(instance)
        entries = wanted(read_procfile(procfile), instance)
        log = Log(sys.stdout, [entry.name for entry in entries])
        entries = able(entries, instance, log)
        asyncio.run(Supervisor(equip(instance, entries), entries, log).run())


def main() -> None:
    """The command line; a refusal is one sentence and exit status 2."""
    keep_private()
    try:
        start(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "Procfile")
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(REFUSED)
    except KeyboardInterrupt:  # before anything runs that would have to be stopped
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
