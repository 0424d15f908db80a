"""kill -9 in the middle of editing: each edit is on the server once, whoever was killed.

    KILLS=100 python -m pytest tests/instance/test_killed_while_editing.py -s

Of web and Redis the one is killed while someone types, or both are, at a random moment or while a batch is on its way;
SQLite, the database, ends with the web process in the middle of what it writes, and PostgreSQL is killed as the others
are. The browser is killed with unsent edits and started again with the same profile.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest
import requests
from playwright.sync_api import sync_playwright

from tests.support.editing_browser import EditingBrowser, texts_of
from tests.support.instance import Instance
from tests.support.postgres import Postgres, program
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Playwright

    from tests.support.web_client import Person

pytestmark = [pytest.mark.long, pytest.mark.browser]

KILLS = int(os.environ.get("KILLS", "6"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "1"))
RUNS = range(FIRST_SEED, FIRST_SEED + KILLS)
VICTIMS = {
    "sqlite": ("web", "redis", "web redis", "browser", "web browser", "web redis browser"),
    "postgres": ("database", "web", "web database", "browser", "database browser", "web redis database"),
}
WORDS = 12
SEPARATORS = ("\n", " ", " ", " ")
NOTHING = "[]"
TRANSCRIPT = re.compile(r"/transcripts/[0-9a-f-]{36}/")
LONGEST_ANSWER_S = 0.03
PATIENCE_S = 90


class Desk:
    """A transcript on an instance, a person who types at its end, and another one who looks on."""

    def __init__(
        self,
        instance: Instance,
        postgres: Postgres | None,
        person: Person,
        path: str,
        playwright: Playwright,
        folder: Path,
    ) -> None:
        self.instance, self._postgres, self._person = instance, postgres, person
        self.victims = VICTIMS["postgres" if postgres else "sqlite"]
        self._path = path
        url, cookie = instance.url + self._path, person.session.cookies["sessionid"]
        self.writer = EditingBrowser(playwright, folder / "writer", url, cookie)
        self.reader = EditingBrowser(playwright, folder / "reader", url, cookie)
        self.unstored = 0

    def kill(self, names: list[str]) -> None:
        """kill -9 processes of the instance, and the database, which is started again."""
        for name in names:
            if name != "database":
                os.kill(self._pid(name), signal.SIGKILL)
        if self._postgres and "database" in names:
            self._postgres.kill()
            self._postgres.start()

    def restart_browser(self) -> None:
        """kill -9 the writer's browser; start it again with its profile once the site answers."""
        self.writer.kill()
        latest = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert time.monotonic() < latest, "The site did not start again."
        self.writer.start()

    def _answers(self) -> bool:
        with suppress(requests.RequestException):
            return self._person.get("/healthz").ok
        return False

    def text(self) -> list[str]:
        """Return the texts of the segments on the server."""
        return texts_of(self._person.get(self._path).text)

    def until_everyone_has(self, check: str) -> list[str]:
        """Wait until the writer has nothing unsaved and both pages show what is on the server; return that."""
        latest = time.monotonic() + PATIENCE_S
        found: list[object] = []
        while time.monotonic() < latest:
            with suppress(requests.RequestException):
                text = self.text()
                found = [self.writer.save_state(), text, self.writer.shown(), self.reader.shown()]
                if found == ["Saved", text, text, text]:
                    return text
        raise AssertionError(f"{check}: the pages never came to rest: {found}")

    def _pid(self, name: str) -> int:
        latest = time.monotonic() + PATIENCE_S
        while time.monotonic() < latest:
            with suppress(KeyError, ValueError, FileNotFoundError):
                pid = self.instance.pid(name)
                if psutil.pid_exists(pid):
                    return pid
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start again.")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def postgres(request: pytest.FixtureRequest) -> Iterator[Postgres | None]:
    if request.param == "sqlite":
        yield None
    elif program("initdb") is None:
        pytest.skip("PostgreSQL is not installed.")
    else:
        with Postgres() as server:
            yield server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, tone: Path, postgres: Postgres | None) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("killed")
    with SpeechProcess(folder / "speech", script={"answer": "So it begins."}) as provider:
        endpoint = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key, "STT_LIMITS": "none"}
        if postgres:
            endpoint["DATABASE_URL"] = postgres.url
        with Instance(folder / "data", **endpoint) as instance:
            person = instance.sign_in()
            recording = person.upload(tone)
            person.wait_for({recording})
            found = TRANSCRIPT.search(person.get(f"/recordings/{recording}/row/").text)
            assert found
            with sync_playwright() as playwright:
                desk = Desk(instance, postgres, person, found[0], playwright, folder)
                with desk.writer, desk.reader:
                    yield desk
            lost = f"{desk.unstored} words typed less than a second before a browser was killed were not stored yet"
            sys.stdout.write(f"\n{KILLS} runs: {lost}\n")


@pytest.mark.parametrize("run", RUNS)
def test_each_edit_is_on_the_server_once(desk: Desk, run: int) -> None:
    chance = random.Random(run)
    victims = desk.victims[run % len(desk.victims)].split()
    before = desk.until_everyone_has("before")
    typed = [f"{chance.choice(SEPARATORS)}w{run}x{number}" for number in range(WORDS)]
    killed_at = chance.randrange(2, WORDS - 2)
    type_all(desk, typed[:killed_at])
    if "browser" in victims:
        stored = "".join(typed[:killed_at]) + kill_browser(desk, victims, typed[killed_at:], chance)
    else:
        kill(desk, victims, typed[killed_at], chance)
        type_all(desk, typed[killed_at + 1 :])
        stored = "".join(typed)
    found, full = desk.until_everyone_has(f"run {run}"), "\n".join(before) + "".join(typed)
    assert full.startswith("\n".join(found)), f"run {run}, {victims}: {found}"
    lost = [one for one in typed if one.strip() not in "\n".join(found)]
    assert [one for one in lost if one.strip() in stored] == [], f"run {run}, {victims}: {lost} of {stored} are lost"
    desk.unstored += len(lost)


def type_all(desk: Desk, words: list[str]) -> None:
    for word in words:
        desk.writer.type(word)


def kill(desk: Desk, victims: list[str], word: str, chance: random.Random) -> None:
    """Type a word and kill while it is typed, or while the batch with it is on its way."""
    if chance.random() < 0.5:
        desk.kill(victims)
        desk.writer.type(word)
        return
    with desk.writer.page.expect_request(lambda request: request.url.endswith("/edits/")):
        desk.writer.type(word)
    time.sleep(chance.uniform(0, LONGEST_ANSWER_S))
    desk.kill(victims)


def kill_browser(desk: Desk, victims: list[str], words: list[str], chance: random.Random) -> str:
    """Type without a network or a server until edits are stored and some more, and kill; return what was stored."""
    desk.until_everyone_has("before the kill")
    processes = [name for name in victims if name != "browser"]
    if processes:
        kill(desk, processes, words[0], chance)
    else:
        desk.writer.context.set_offline(True)
        desk.writer.type(words[0])
    type_all(desk, words[1:-2])
    while desk.writer.stored() == NOTHING and desk.writer.save_state() != "Saved":
        pass
    type_all(desk, words[-2:])
    stored = desk.writer.stored()
    desk.restart_browser()
    return stored
