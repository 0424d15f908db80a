"""kill -9 of workers and the conductor under load, at random moments and at named lines: what is lost or done twice.

`python -m bench.endurance.kills 500` kills so many times. Every fifth is at a line of POINTS: a worker of its own kills
itself there (`bench.endurance.dying_worker`). The others are of a random process of the instance, at a random moment.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import count, cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.endurance.dying_worker import POINTS
from bench.report import report
from tests.environment import ROOT
from tests.support.audio import write_tone
from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KILLS = 100
VICTIMS = ("media", "provider", "default", "conductor")
# Seconds between two, and how long a named line may stay unreached
SHORTEST_S, LONGEST_S, REACHED_WITHIN_S = 0.3, 3.0, 60
AT_A_TIME = 20
ENDS_WITHIN_S = 240


def main() -> None:
    """Kill, wait for the end of what was begun, and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else KILLS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SpeechProcess(folder / "speech", script={"seconds": 0.5}) as provider:
            endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key, "STT_LIMITS": "none"}
            with Instance(folder / "data", **endpoint) as instance:
                os.environ.update(instance.variables)
                _measure(instance, provider, folder, number)


def _measure(instance: Instance, provider: SpeechProcess, folder: Path, number: int) -> None:
    from bench.endurance import outcome

    outcome.set_up()
    load, points, done, longest = Load(instance, folder), cycle(POINTS), dict.fromkeys(("random", "named"), 0), 0.0
    while sum(done.values()) < number and load.may_continue():
        load.top_up(outcome.unfinished())
        is_named = sum(done.values()) % 5 == 4
        killed = _at_line(instance, next(points)) if is_named else _at_random(instance)
        done["named" if is_named else "random"] += killed
        longest = max(longest, outcome.longest_without_worker_s())
    ended_after = _until_done(outcome.unfinished)
    load.end()
    report(
        "kills", **done, recordings=load.brought, ended_after_s=ended_after, longest_without_worker_s=round(longest, 1)
    )
    report("kills", **outcome.compared_with(provider.ledger("upload")))


def _at_random(instance: Instance) -> bool:
    """Kill one process of the instance, whatever it does; False if it wasn't there."""
    time.sleep(random.uniform(SHORTEST_S, LONGEST_S))  # noqa: S311 - moments, no secrets
    with suppress(IndexError, KeyError, ValueError, psutil.NoSuchProcess):
        alive = [name for name, pid in instance.pids().items() if name in VICTIMS and psutil.pid_exists(pid)]
        instance.kill(random.choice(alive))  # noqa: S311
        return True
    return False


def _at_line(instance: Instance, point: str) -> bool:
    """Run a worker that kills itself at this line; False if it didn't come to it."""
    command = [sys.executable, "-m", "bench.endurance.dying_worker", point]
    process = subprocess.Popen(command, cwd=ROOT, env=instance.variables, stderr=subprocess.DEVNULL)
    try:
        return process.wait(timeout=REACHED_WITHIN_S) == -9
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def _until_done(unfinished: Callable[[], int]) -> float:
    """Wait until no job is active; return the seconds, or -1 if some never end."""
    began = time.monotonic()
    while unfinished():
        if time.monotonic() - began > ENDS_WITHIN_S:
            return -1
        time.sleep(0.5)
    return round(time.monotonic() - began, 1)


class Load:
    """Recordings of a second, no two alike, of which some are always under way, for KILLS_SECONDS at most."""

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.instance, self.folder, self.brought = instance, folder, 0
        self.hertz: Iterator[int] = count(200)
        self.commands: list[subprocess.Popen[str]] = []
        self.ends = time.time() + float(os.environ.get("KILLS_SECONDS", "36000"))

    def may_continue(self) -> bool:
        """Tell whether there is time left."""
        return time.time() < self.ends

    def top_up(self, unfinished: int) -> None:
        """Bring more once few are under way and all were uploaded."""
        self.commands = [command for command in self.commands if command.poll() is None]
        if unfinished > AT_A_TIME // 2 or (self.commands and not unfinished):
            return
        tones = [write_tone(self.folder / f"tone-{hertz}.wav", hertz=hertz) for hertz in islice(self.hertz, AT_A_TIME)]
        self.commands.append(self.instance.manage("transcribe", *tones, "--out", self.folder / "out"))
        self.brought += len(tones)

    def end(self) -> None:
        """Let the commands end, which wait for their recordings."""
        for command in self.commands:
            command.communicate(timeout=60)


if __name__ == "__main__":
    main()
