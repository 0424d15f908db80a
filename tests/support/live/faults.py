"""A wave of live sessions in Chromium pages, each with what happens to it, and what it kept in the end.

python -m tests.support.live.faults KIND,KIND,...     ends with 1 where a promise was not kept
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.async_api import async_playwright

from tests.environment import ROOT
from tests.support.instance import Instance
from tests.support.live.client import begin, finish
from tests.support.live.fault_session import Session
from tests.support.live.faulty_provider import Provider, base_of
from tests.support.live.stored_sessions import kept, until_sealed, until_written
from tests.support.proxies import CuttableProxy

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Playwright


SAMPLES = 1_600
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=4",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-features=LocalNetworkAccessChecks",
]
STALL_S = 8.0
# How long a session is recorded before its fault at least, and how much later the fault may come
BEFORE_S, WITHIN_S = 3.0, 4.0
PAGE = "<!doctype html><meta charset=utf-8><script src=/bench-faults.js></script>"


@dataclass
class Outcome:
    """What became of a session.

    `back_ms` is from the part's return to the next word, None where none was missed; of `afterwards_ms` the words were
    written after the session, because it ended before they could be. `stuck` says how a page stood that did not end.
    """

    kind: str
    is_sound_right: bool
    words_lost: int
    words_doubled: int
    is_in_order: bool
    unspooled_ms: int
    back_ms: int | None
    afterwards_ms: int
    stuck: str
    frames: int

    @property
    def is_good(self) -> bool:
        """Whether every promise was kept; how soon words are back is for the table."""
        is_whole = self.is_sound_right and not self.words_lost and not self.words_doubled
        return is_whole and not self.stuck and self.is_in_order and self.unspooled_ms <= 1_000


async def run_wave(folder: Path, kinds: list[str], chance: random.Random) -> list[Outcome]:
    """A session a kind, all at once, against an instance of their own in the folder."""
    async with Provider() as provider:
        endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": "key", "STT_LIMITS": "none"}
        instance = Instance(folder / "data", **endpoint)
        await asyncio.to_thread(instance.__enter__)
        try:
            return await Wave(instance, provider, folder, kinds, chance).run()
        finally:
            await asyncio.to_thread(instance.__exit__)


class Wave:
    """All sessions of a wave at once, in one browser, those whose browser dies in another."""

    def __init__(
        self, instance: Instance, provider: Provider, folder: Path, kinds: list[str], chance: random.Random
    ) -> None:
        self._instance, self._provider, self._folder = instance, provider, folder
        self._kinds, self._chance = kinds, chance
        self._kill_at = BEFORE_S + chance.random() * WITHIN_S
        self._died = asyncio.Event()
        self._returned_at: dict[str, float] = {}
        self._is_back = {"web": asyncio.Event(), "redis": asyncio.Event()}

    async def run(self) -> list[Outcome]:
        """Speak, break, stop, look."""
        self._script = self._folder / "faults.js"
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        bundle: list[str | Path] = [
            ROOT / "node_modules" / ".bin" / "esbuild",
            ROOT / "tests" / "support" / "live" / "fault_page.js",
            "--bundle",
        ]
        subprocess.run([*bundle, f"--outfile={self._script}", "--log-level=error"], check=True, env=environment)
        person = await asyncio.to_thread(self._instance.sign_in)
        self._cookie = person.session.cookies["sessionid"]
        async with async_playwright() as playwright:
            names = [await asyncio.to_thread(begin, person, f"Session {n}") for n in range(len(self._kinds))]
            sessions = [
                Session(index, kind, name, await CuttableProxy(self._instance.port).__aenter__())
                for index, (kind, name) in enumerate(zip(self._kinds, names, strict=True))
            ]
            try:
                await self._speak(playwright, sessions)
            finally:
                for session in sessions:
                    await session.proxy.__aexit__()
        for session in sessions:
            if session.stuck:
                said = [line for line in self._instance.said if session.name in line or "rror" in line]
                sys.stdout.write(f"  {session.name} {session.kind} {session.stuck}:\n" + "".join(said[-60:]))
                await asyncio.to_thread(finish, person, session.name)
        await asyncio.to_thread(until_sealed, self._instance, names, within_s=120)
        await asyncio.to_thread(until_written, self._instance, names)
        return [self._outcome(session) for session in sessions]

    async def _speak(self, playwright: Playwright, sessions: list[Session]) -> None:
        steady = await self._browser(playwright, "steady")
        mortal = await self._browser(playwright, "mortal") if "kill" in self._kinds else steady
        work = [self._one(session, mortal if session.kind == "kill" else steady) for session in sessions]
        if "kill" in self._kinds:
            work.append(self._kill_browser(playwright, sessions, mortal))
        work += [self._kill_process(name) for name in ("web", "redis") if name in self._kinds]
        await asyncio.gather(*work)
        await steady.close()

    async def _browser(self, playwright: Playwright, name: str) -> BrowserContext:
        context = await playwright.chromium.launch_persistent_context(
            self._folder / name, executable_path=shutil.which("chromium"), args=QUIET
        )
        await context.add_cookies([{"name": "sessionid", "value": self._cookie, "domain": "localhost", "path": "/"}])
        await context.route("**/bench-faults", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        await context.route("**/bench-faults.js", lambda route: route.fulfill(path=self._script))
        return context

    async def _one(self, session: Session, context: BrowserContext) -> None:
        await asyncio.sleep(self._chance.random())
        await session.open(context, again=False)
        if session.kind in ("web", "redis"):
            await self._is_back[session.kind].wait()
            session.returned_at = self._returned_at[session.kind]
        elif session.kind == "kill":
            await self._died.wait()  # in its new page when that is set
        elif session.kind == "silent-stop":
            await asyncio.sleep(BEFORE_S + self._chance.random() * WITHIN_S)
        else:
            await asyncio.sleep(BEFORE_S + self._chance.random() * WITHIN_S)
            await self._fault(session)
        if session.kind != "silent-stop":
            await session.back()
        await session.stop()

    async def _fault(self, session: Session) -> None:
        kind, _, seconds = session.kind.partition(" ")
        if kind in ("reset", "silent"):
            session.proxy.cut("reset" if kind == "reset" else "silent")
            await asyncio.sleep(float(seconds))
            session.proxy.restore()
        elif kind == "provider-reset":
            await self._provider.reset(session.index)
        elif kind == "provider-stall":
            self._provider.stall(session.index)
            await asyncio.sleep(STALL_S)
            self._provider.resume(session.index)
        elif kind == "reload":
            session.said = await session.page.evaluate("() => saidSoFar()")
            await session.page.reload()
            await session.resume()
            return
        session.returned_at = time.time()

    async def _kill_browser(self, playwright: Playwright, sessions: list[Session], mortal: BrowserContext) -> None:
        """kill -9 of every process of the browser, then the same pages in a new one with the same folder."""
        await asyncio.sleep(self._kill_at + 1)
        killed = [session for session in sessions if session.kind == "kill"]
        for session in killed:
            session.said = await session.page.evaluate("() => saidSoFar()")
        processes = [
            one for one in psutil.Process().children(recursive=True) if str(self._folder / "mortal") in _line(one)
        ]
        for process in processes:
            process.kill()
        await asyncio.to_thread(psutil.wait_procs, processes, timeout=10)
        context = await self._browser(playwright, "mortal")
        for session in killed:
            session.page = await context.new_page()
            await session.page.goto(f"http://localhost:{session.proxy.port}/bench-faults")
            await session.resume()
        self._died.set()

    async def _kill_process(self, name: str) -> None:
        await asyncio.sleep(self._kill_at)
        await asyncio.to_thread(self._instance.kill, name)
        if name == "web":
            await asyncio.to_thread(_until_it_listens, self._instance.port)
        self._returned_at[name] = time.time()
        self._is_back[name].set()

    def _outcome(self, session: Session) -> Outcome:
        found, base = kept(self._instance, session.name), base_of(session.index)
        sound = b"".join(array("h", [base + number] * SAMPLES).tobytes() for number in range(session.said))
        words = [f"w{(base + number) * 100}" for number in range(session.said)]
        counts, live = Counter(found.words), Counter(found.live_words)
        # What no gap stands for was written while it was said.
        owed = [
            word
            for number, word in enumerate(words)
            if not any(begin - 100 < number * 100 < end for begin, end in found.gaps)
        ]
        return Outcome(
            kind=session.kind,
            is_sound_right=found.sound == sound,
            words_lost=len(set(words) - set(counts)) + len(set(owed) - set(live)),
            words_doubled=sum(count - 1 for count in [*counts.values(), *live.values()])
            + len(set(counts | live) - set(words)),
            is_in_order=found.times == sorted(found.times) and found.words == sorted(found.words, key=_position),
            unspooled_ms=session.unspooled * 100,
            back_ms=session.back_ms,
            afterwards_ms=sum(end - begin for begin, end in found.gaps),
            stuck=session.stuck,
            frames=session.said,
        )


def _position(word: str) -> int:
    return int(word[1:])


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _until_it_listens(port: int) -> None:
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)


def main() -> None:
    """Run one wave and print what became of each session."""
    with tempfile.TemporaryDirectory() as name:
        outcomes = asyncio.run(run_wave(Path(name), sys.argv[1].split(","), random.Random(7)))
    for outcome in outcomes:
        print(outcome)  # noqa: T201 - who started it reads this
    sys.exit(not all(outcome.is_good for outcome in outcomes))


if __name__ == "__main__":
    main()
