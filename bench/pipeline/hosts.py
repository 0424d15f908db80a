"""Workers on three hosts, the clock of one 90 s ahead, at a provider that allows five uploads a minute.

A host is a network namespace of this machine with provider workers of its own; database and Redis are reached by their
sockets, the provider through a relay on each host's loopback. It needs root, PostgreSQL and Debian's libfaketime.
`python -m bench.pipeline.hosts 4 15` has four workers a host, for fifteen minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.report import report
from tests.environment import ROOT
from tests.support.audio import write_tone
from tests.support.instance import NewInstance
from tests.support.postgres import Postgres
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.instance import Instance

HOSTS, WORKERS, MINUTES = 3, 4, 15
COUNT, WINDOW_S = 5, 60.0
AHEAD = "+90s"
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


def main() -> None:
    """Measure and print."""
    if os.getuid() or not FAKETIME.exists():
        sys.stderr.write("This needs root and Debian's libfaketime.\n")
        return
    workers, minutes = (int(text) for text in (sys.argv[1:3] if len(sys.argv) > 2 else (WORKERS, MINUTES)))
    with tempfile.TemporaryDirectory() as name, Postgres() as postgres:
        folder = Path(name)
        folder.chmod(0o755)
        with SpeechProcess(folder / "speech", script={}, limits="documented") as provider:
            endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key, "DATABASE_URL": postgres.url}
            with NewInstance(folder / "data", **endpoint) as instance, ExitStack() as hosts:
                for number in range(HOSTS):
                    hosts.enter_context(host(instance, provider.port, number, workers, folder))
                measure(instance, provider, folder, workers, minutes)


@contextmanager
def host(instance: Instance, port: int, number: int, workers: int, folder: Path) -> Iterator[None]:
    """Run workers in a network namespace; the clock of the last host is ahead."""
    space, socket = f"verbatim-{number}", folder / f"provider-{number}.sock"
    faked = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": AHEAD, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    environment = {**instance.variables, **(faked if number == HOSTS - 1 else {})}
    within = ["ip", "netns", "exec", space]
    relay = [sys.executable, "-m", "bench.pipeline.relay"]
    worker = [*within, sys.executable, "manage.py", "rqworker", "provider", "--skip-checks", "-v", "0"]
    subprocess.run(["ip", "netns", "add", space], check=True)
    begun: list[subprocess.Popen[bytes]] = []
    try:
        subprocess.run([*within, "ip", "link", "set", "lo", "up"], check=True)
        begun.append(subprocess.Popen([*relay, str(socket), f"127.0.0.1:{port}"], cwd=ROOT))
        begun.append(subprocess.Popen([*within, *relay, f"127.0.0.1:{port}", str(socket)], cwd=ROOT))
        begun += [subprocess.Popen(worker, cwd=ROOT, env=environment) for _ in range(workers)]
        yield
    finally:
        for process in begun:
            process.terminate()
        for process in begun:
            process.wait(timeout=30)
        subprocess.run(["ip", "netns", "delete", space], check=True)


def measure(instance: Instance, provider: SpeechProcess, folder: Path, workers: int, minutes: int) -> None:
    """Keep the provider's queue full for so long, and say how many of its slots were used."""
    number = COUNT * (minutes + 1)
    # Each is another, because the answer to the same audio is used again
    tones = [write_tone(folder / f"tone-{place}.wav", hertz=300 + place) for place in range(number)]
    command = instance.manage("transcribe", *tones, "--out", folder / "out")
    rounds = minutes
    while len(uploads := _accepted(provider)) < COUNT * rounds + 1:
        time.sleep(1)
        if command.poll() is not None:
            raise SystemExit(f"The command ended: {command.communicate()}")
    command.terminate()
    command.communicate()
    took = uploads[COUNT * rounds] - uploads[0]
    asked = [entry for entry in provider.ledger() if entry["on"] in ("upload", "status")]
    report(
        "hosts",
        hosts=HOSTS,
        workers_a_host=workers,
        uploads=len(uploads),
        refused_with_429=sum(entry["code"] == 429 for entry in asked),
        used_percent=round(100 * rounds * WINDOW_S / took, 1),
        seconds=round(took, 1),
    )


def _accepted(provider: SpeechProcess) -> list[float]:
    return sorted(entry["answered_at"] for entry in provider.ledger("upload") if entry["code"] == 200)


if __name__ == "__main__":
    main()
