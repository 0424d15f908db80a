"""A soak test: hours of one session at many times real time: memory, a viewer's page, and every word at the end.

    python -m bench.live.soak [--hours H] [--speed S]

A second web process next to the instance's own serves the session, with a provider that accepts audio at any speed.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.live.viewer_page import EMAIL, PASSWORD, ViewerPage, join
from bench.report import report
from tests.environment import ROOT
from tests.project.network import free_port
from tests.support.instance import Instance
from tests.support.live.client import Speaker
from tests.support.live.provider import SLOT_MS
from tests.support.live.provider_process import Echo
from tests.support.live.stored_sessions import kept, until_sealed
from tests.support.web_client import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = 20
WORDS_A_FINAL = 20
MIB = 1024 * 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--speed", type=float, default=20.0)
    options = parser.parse_args(sys.argv[1:] if Path(sys.argv[0]).stem == "soak" else [])
    with tempfile.TemporaryDirectory() as name, Echo(words_a_final=WORDS_A_FINAL) as echo:
        endpoint = {"STT_API_ENDPOINT": echo.url, "STT_API_KEY": "key", "STT_LIMITS": "none"}
        with Instance(Path(name), **endpoint) as instance, unpaced(instance) as (url, web):
            person = Person(url, instance.variables["ADMIN_EMAIL"], instance.variables["ADMIN_PASSWORD"])
            join(instance)
            asyncio.run(_measure(instance, person, Person(url, EMAIL, PASSWORD), web, options.hours, options.speed))


@contextmanager
def unpaced(instance: Instance) -> Iterator[tuple[str, psutil.Process]]:
    """Run a web process that doesn't enforce the speed of speech."""
    port = free_port()
    command = [sys.executable, "-m", "project.web", "bench.live.unpaced:application"]
    web = subprocess.Popen(command, cwd=ROOT, env=instance.variables | {"PORT": str(port)})
    try:
        yield f"http://localhost:{port}", psutil.Process(web.pid)
    finally:
        web.terminate()
        web.wait()


async def _measure(
    instance: Instance, person: Person, colleague: Person, web: psutil.Process, hours: float, speed: float
) -> None:
    speaker = Speaker(person, "A long day")
    frames = round(hours * 3600 * 1000 / SLOT_MS)
    memory = []
    speaker.come()
    async with ViewerPage(colleague, speaker.session) as viewer:
        for _ in range(SAMPLES):
            await speaker.speak(frames // SAMPLES, frame_s=SLOT_MS / 1000 / speed)
            memory.append(web.memory_info().rss / MIB)
        page = await viewer.figures()
        await speaker.stop()
        sent = speaker.said
        shown = " ".join(await viewer.text(-(-sent // WORDS_A_FINAL))).split()
    await asyncio.to_thread(until_sealed, instance, [speaker.session], within_s=600)
    found = kept(instance, speaker.session)
    report(
        "soak",
        hours=hours,
        speed=speed,
        frames=sent,
        audio_is_whole=len(found.sound) == sent * SLOT_MS * 32,
        words=len(found.words),
        words_wrong=sum(word != name(slot) for slot, word in enumerate(found.words)) + abs(sent - len(found.words)),
        shown_wrong=sum(one != other for one, other in zip_longest(shown, found.words)),
        is_whole=found.is_whole,
        first_mib=round(memory[2]),
        last_mib=round(memory[-1]),
        most_mib=round(max(memory)),
        **page,
    )


def name(slot: int) -> str:
    """Return the double's word for this tenth of a second; its numbers start again after 65,536."""
    return f"w{((slot + 32_768) % 65_536 - 32_768) * SLOT_MS}"


if __name__ == "__main__":
    main()
