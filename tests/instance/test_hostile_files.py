"""Broken and hostile files all at once: each ends as it should, with a sentence on its page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.support import hostile_files as hostile
from tests.support.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.web_client import Person

pytestmark = [pytest.mark.long, pytest.mark.corpus, pytest.mark.timeout(600)]

TITLES = {
    "../../etc/passwd.wav": "passwd",
    "-rf.wav": "-rf",
    "a b'\"&;$(touch x)`id`.wav": "a b'\"&;$(touch x)`id`",
    "<img src=x onerror=alert(1)>.wav": "<img src=x onerror=alert(1)>",
    "=1+1.wav": "=1+1",
    ".wav": ".wav",
    "two.dots.WAV": "two.dots",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.wav": "gpj",
    "%2e%2e%2fx.wav": "%2e%2e%2fx",
    "a\\b\\c.wav": "c",
    "null\0byte.wav": "nullbyte",
}
# Refused before it becomes a recording
EMPTY = "pub_zero_bytes.wav"
MOST_GROWTH_BYTES = 96 * 1024**2


@dataclass
class Run:
    """An instance that all files went through: its processes as they were before, and what became of each file."""

    instance: Instance
    person: Person
    pids: dict[str, int]
    memory: dict[str, int]
    recordings: dict[str, str]

    def page(self, file: str) -> str:
        """The page that tells how the file's transcript was made, or why not."""
        return self.person.get(f"/recordings/{self.recordings[file]}/").text

    def transcript(self, file: str) -> dict[str, Any]:
        """The transcript that the file's page leads to."""
        [path] = set(re.findall(r'href="(/transcripts/[-0-9a-f]+/)"', self.page(file)))
        script: dict[str, Any] = json.loads(self.person.get(f"{path}export/json/").text)
        return script


def memory(instance: Instance) -> dict[str, int]:
    """Bytes that each process of the Procfile holds."""
    return {name: psutil.Process(pid).memory_info().rss for name, pid in instance.pids().items()}


def names_to_try() -> list[str]:
    text = hostile.path_of(hostile.NAMES).read_text("utf-8")
    lines = (line.removesuffix(" (send a real NUL)") for line in text.splitlines())
    return [line.replace(r"\x00", "\0") for line in lines]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("hostile")
    with Instance(folder / "data") as instance:
        person = instance.sign_in()
        pids, before = instance.pids(), memory(instance)
        recordings = {name: person.upload(hostile.path_of(name)) for name in sorted({*hostile.listed()} - {EMPTY})}
        small = hostile.path_of("pub_silence_1s.wav")
        recordings |= {name: person.upload(small, name) for name in names_to_try()}
        person.wait_for(set(recordings.values()))
        yield Run(instance, person, pids, before, recordings)


def test_a_file_without_a_byte_is_refused_with_a_sentence_before_it_is_sent(run: Run) -> None:
    refusal = run.person.announce(hostile.path_of(EMPTY), EMPTY)
    assert refusal.status_code == 422
    assert "empty" in refusal.text


@pytest.mark.parametrize("file", [file for file in hostile.REFUSED if file != EMPTY])
def test_is_refused_with_a_sentence_on_its_page(run: Run, file: str) -> None:
    page = run.page(file)
    assert hostile.REFUSED[file].sentence in page
    assert "/transcripts/" not in page


@pytest.mark.parametrize("file", hostile.SILENCE_MS)
def test_nothing_is_invented_where_nobody_speaks(run: Run, file: str) -> None:
    script = run.transcript(file)
    assert script["segments"] == []
    assert script["duration_ms"] == pytest.approx(hostile.SILENCE_MS[file], abs=5)


@pytest.mark.parametrize("file", hostile.SPEECH_MS)
def test_the_speech_is_heard_once_and_its_length_is_the_real_one(run: Run, file: str) -> None:
    script, seconds = run.transcript(file), hostile.SPEECH_MS[file] // 1000
    assert script["duration_ms"] == pytest.approx(hostile.SPEECH_MS[file], abs=5)
    assert f'<span class="num">0:{seconds:02}</span>' in run.page(file)
    # From the first words of the speech, which some files cut in the middle of “fellow”
    assert script["text"].count("fell") == 1
    assert script["language"] == "en"


def test_a_good_file_is_transcribed_under_any_name(run: Run) -> None:
    for name in names_to_try():
        assert run.transcript(name)["duration_ms"] == 1000


@pytest.mark.parametrize("name", TITLES)
def test_a_name_is_only_text(run: Run, name: str) -> None:
    page = run.page(name)
    assert title_of(page) == TITLES[name]
    assert "<img" not in page


def test_names_of_stored_files_are_ours(run: Run) -> None:
    stored = [path.relative_to(run.instance.folder) for path in (run.instance.folder / "media").rglob("*")]
    names = "|".join(stored_path.name for stored_path in stored)
    assert len(stored) > len(run.recordings)
    assert re.fullmatch(r"[0-9a-z.|-]+", names), names
    assert not list(run.instance.folder.parent.rglob("*evil*"))


def test_what_was_uploaded_is_never_served_as_a_page(run: Run) -> None:
    answer = run.person.get(f"/recordings/{run.recordings['html_named.mp3']}/original/")
    assert answer.content == hostile.path_of("html_named.mp3").read_bytes()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_crashed_hangs_or_leaks(run: Run) -> None:
    assert run.person.get("/healthz").json() == {"status": "ok"}
    assert run.instance.pids() == run.pids
    said = "".join(run.instance.said)
    assert "starting again" not in said
    assert "Traceback" not in said
    now = memory(run.instance)
    assert max(now[name] - run.memory[name] for name in now) < MOST_GROWTH_BYTES
    words = {PurePath(word).name for process in run.instance.processes() for word in process.cmdline()}
    decoders = ("ffmpeg", "confine.py", "start.py", "speechserver.jobs.decoder")
    assert not [word for word in words if word.startswith(decoders)]


class Title(HTMLParser):
    """The text of the heading, as a browser would show it."""

    text, inside = "", False

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.inside = tag == "h1"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def title_of(page: str) -> str:
    parser = Title()
    parser.feed(page)
    return parser.text
