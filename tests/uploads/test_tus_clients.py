"""Clients that others wrote bring a file in whole, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.frontend import find_npm
from tests.environment import ROOT
from tests.support.instance import Instance
from tests.support.proxies import Proxy
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.web_client import Person

MIB = 1024 * 1024
SIZE = 40 * MIB + 12_345
KILLED = -9
NODE = shutil.which("node", path=find_npm()[1]) or "node"
COMMANDS = {
    "tuspy": [sys.executable, "-m", "tests.uploads.client"],
    "tus-js-client": [NODE, str(Path(__file__).with_name("client.mjs"))],
}


@dataclass
class Order:
    """What a client is told to do; `memory` is where it keeps what it needs to go on later."""

    endpoint: str
    headers: dict[str, str]
    file: str
    name: str
    chunk: int
    memory: str


class Sender:
    """A client that is started anew whenever it is killed."""

    def __init__(self, client: str, order: Order) -> None:
        self.command = [*COMMANDS[client], json.dumps(asdict(order))]
        self.starts = 0

    def send(self) -> None:
        """Run it until it says that all is sent."""
        status = KILLED
        while status == KILLED:
            self.starts += 1
            self.process = subprocess.Popen(self.command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
            complaint = self.process.communicate(timeout=120)[1]
            status = self.process.returncode
        assert status == 0, complaint

    def kill(self) -> None:
        self.process.kill()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with SpeechProcess(tmp_path_factory.mktemp("speech"), script={}) as provider:
        brought = {"STT_API_ENDPOINT": provider.url, "STT_API_KEY": provider.key}
        with Instance(tmp_path_factory.mktemp("instance"), **brought) as running:
            yield running


@pytest.fixture(scope="module")
def person(instance: Instance) -> Person:
    return instance.sign_in()


@pytest.fixture
def proxy(instance: Instance) -> Iterator[Proxy]:
    with Proxy(instance.port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "evidence.bin"
    path.write_bytes(random.Random(20).randbytes(SIZE))
    return path


def assert_arrived(person: Person, name: str, file: Path) -> None:
    """There is one recording of this name, and its original is the file."""
    links = re.findall(r'<a class="title"\s+id="title-([^"]+)"[^>]*>([^<]*)</a>', person.get("/").text)
    [recording] = [recording for recording, title in links if unescape(title) == name]
    original = person.get(f"/recordings/{recording}/original/").content
    assert hashlib.sha256(original).digest() == hashlib.sha256(file.read_bytes()).digest()


@pytest.mark.parametrize("chunk", [MIB, 8 * MIB])
@pytest.mark.parametrize("client", COMMANDS)
def test_it_goes_on_after_every_interruption(
    instance: Instance, person: Person, proxy: Proxy, file: Path, tmp_path: Path, client: str, chunk: int
) -> None:
    name = f"{client} by {chunk // MIB}"
    order = Order(f"{proxy.url}/uploads/", person.headers, str(file), f"{name}.wav", chunk, str(tmp_path / "memory"))
    sender, chance = Sender(client, order), random.Random(name)
    points = sorted(chance.sample(range(MIB, SIZE), k=4))
    happenings = [proxy.cut, proxy.cut, sender.kill, lambda: instance.kill("web")]
    chance.shuffle(happenings)
    proxy.plan = list(zip(points, happenings, strict=True))
    sender.send()
    assert (proxy.plan, sender.starts) == ([], 2)
    assert_arrived(person, name, file)


@pytest.mark.parametrize("client", COMMANDS)
def test_the_answer_to_the_last_part_is_lost(
    person: Person, proxy: Proxy, file: Path, tmp_path: Path, client: str
) -> None:
    name = f"{client} unanswered"
    order = Order(f"{proxy.url}/uploads/", person.headers, str(file), f"{name}.wav", 8 * MIB, str(tmp_path / "memory"))
    proxy.lose = b"upload-recording"
    Sender(client, order).send()
    assert not proxy.lose
    assert_arrived(person, name, file)
