"""Hours of one session at many times their pace: the web process's memory, and every word in the end.

    python -m bench.hours [--hours H] [--speed S]

A second web process beside the instance's own serves the session, with a provider that takes audio at any pace.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.report import report
from tests.environment import ROOT
from tests.project.network import free_port
from tests.support.echo import Echo
from tests.support.instance import Instance
from tests.support.live import SLOT_MS
from tests.support.person import Person
from tests.support.sessions import kept, until_sealed
from tests.support.speaker import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS = 20
MIB = 1024 * 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--speed", type=float, default=20.0)
    asked = parser.parse_args(sys.argv[1:] if Path(sys.argv[0]).stem == "hours" else [])
    with tempfile.TemporaryDirectory() as name, Echo(words_a_final=20) as echo:
        endpoint = {"STT_API_ENDPOINT": echo.url, "STT_API_KEY": "key", "STT_LIMITS": "none"}
        with Instance(Path(name), **endpoint) as instance, hasty(instance) as (url, web):
            person = Person(url, instance.variables["ADMIN_EMAIL"], instance.variables["ADMIN_PASSWORD"])
            asyncio.run(_measure(instance, person, web, asked.hours, asked.speed))


@contextmanager
def hasty(instance: Instance) -> Iterator[tuple[str, psutil.Process]]:
    """A web process in which nothing keeps to the pace of speech."""
    port = free_port()
    command = [sys.executable, "-m", "project.web", "bench.hasty:application"]
    web = subprocess.Popen(command, cwd=ROOT, env=instance.variables | {"PORT": str(port)})
    try:
        yield f"http://localhost:{port}", psutil.Process(web.pid)
    finally:
        web.terminate()
        web.wait()


async def _measure(instance: Instance, person: Person, web: psutil.Process, hours: float, speed: float) -> None:
    speaker = Speaker(person, "A long day")
    frames = round(hours * 3600 * 1000 / SLOT_MS)
    speaker.come()
    memory = []
    for _ in range(LOOKS):
        await speaker.speak(frames // LOOKS, frame_s=SLOT_MS / 1000 / speed)
        memory.append(web.memory_info().rss / MIB)
    await speaker.stop()
    await asyncio.to_thread(until_sealed, instance, [speaker.session], within_s=600)
    found = kept(instance, speaker.session)
    said = speaker.said
    report(
        "hours",
        hours=hours,
        speed=speed,
        frames=said,
        sound_is_whole=len(found.sound) == said * SLOT_MS * 32,
        words=len(found.words),
        words_lacking=said - len(found.words),
        is_whole=found.is_whole,
        first_mib=round(memory[2]),
        last_mib=round(memory[-1]),
        most_mib=round(max(memory)),
    )


if __name__ == "__main__":
    main()
