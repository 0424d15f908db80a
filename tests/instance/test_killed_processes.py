"""kill -9 of any process at any stage: the job finishes all the same, and nobody has to do anything."""

from __future__ import annotations

import itertools
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.support.audio import ffmpeg_path
from tests.support.instance import Instance
from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HANGS_ONCE = {"faults": [{"on": "upload", "nth": 1, "do": "hang"}]}
RUNS_ON: dict[str, Any] = {"seconds": None}
HERTZ = itertools.count(300)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    with SpeechProcess(tmp_path_factory.mktemp("speech"), script={}) as process:
        yield process


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, provider: SpeechProcess) -> Iterator[Instance]:
    folder = tmp_path_factory.mktemp("instance")
    with Instance(folder, STT_API_ENDPOINT=provider.url, STT_API_KEY=provider.key, STT_LIMITS="none") as running:
        yield running


@pytest.fixture
def long_recording(tmp_path: Path) -> Path:
    """Minutes that take seconds to prepare: no browser plays their format. Each is another, so each is sent."""
    path = tmp_path / "hearing.aiff"
    source = f"sine=frequency={next(HERTZ)}:sample_rate=8000:duration=200"
    subprocess.run([ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", source, path], check=True)
    return path


@pytest.mark.long
@pytest.mark.parametrize("victim", ["media", "redis", "conductor", "web"])
def test_killed_while_preparing(instance: Instance, provider: SpeechProcess, long_recording: Path, victim: str) -> None:
    provider.rescript({"answer": "all of it"})
    terminal = instance.transcribe(long_recording)
    terminal.until("Preparing")
    instance.kill(victim)
    assert terminal.result()[:2] == (0, "[00:00:00]\nall of it\n")
    assert len(provider.billed()) == 1


@pytest.mark.long
@pytest.mark.parametrize("victim", ["provider", "redis", "conductor"])
def test_killed_while_sending(instance: Instance, provider: SpeechProcess, new_tone: Path, victim: str) -> None:
    provider.rescript(HANGS_ONCE | {"answer": "all of it"} if victim == "provider" else {"answer": "all of it"})
    terminal = instance.transcribe(new_tone)
    if victim == "provider":
        terminal.until("Sending")
        provider.until_taken()
    instance.kill(victim)
    assert terminal.result()[:2] == (0, "[00:00:00]\nall of it\n")
    # Nobody can tell whether the upload that was cut off was taken; this provider took it
    assert len(provider.billed()) == (2 if victim == "provider" else 1)


@pytest.mark.parametrize("victim", ["default", "redis", "conductor", "web"])
def test_killed_while_the_provider_works(
    instance: Instance, provider: SpeechProcess, new_tone: Path, victim: str
) -> None:
    provider.rescript(RUNS_ON | {"answer": "all of it"})
    terminal = instance.transcribe(new_tone)
    terminal.until("Transcribing")
    instance.kill(victim)
    provider.release()
    assert terminal.result()[:2] == (0, "[00:00:00]\nall of it\n")
    assert len(provider.billed()) == 1


def test_the_provider_killed_while_it_works(instance: Instance, provider: SpeechProcess, new_tone: Path) -> None:
    provider.rescript(RUNS_ON | {"answer": "all of it"})
    terminal = instance.transcribe(new_tone)
    terminal.until("Transcribing")
    provider.restart()  # with the script it was first started with, whose jobs are done at once
    assert terminal.result()[:2] == (0, "[00:00:00]\nand so my fellow americans\n")


def test_everything_is_there_again(instance: Instance) -> None:
    assert requests.get(f"{instance.url}/healthz", timeout=10).json() == {"status": "ok"}
