"""Fixtures for all tests."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from django.conf import settings

from tests.support import corpus as real_speech
from tests.support.audio import write_tone
from tests.support.ci import pytest_runtest_makereport  # noqa: F401 - a hook, found here by its name
from tests.support.pipeline import Pipeline
from tests.support.providers.assemblyai import AssemblyAIDouble
from tests.support.providers.deepgram import DeepgramDouble
from tests.support.providers.elevenlabs import ElevenLabsDouble
from tests.support.providers.google import GoogleDouble
from tests.support.providers.openai import OpenAIDouble
from tests.support.providers.rev import RevDouble
from tests.support.providers.reverie import ReverieDouble
from tests.support.providers.speechmatics import SpeechmaticsDouble
from tests.support.pulse import PulseDouble
from tests.support.speech_server.process import SpeechProcess
from transcripts.providers import tokens
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings


# What no other test's tone has
HERTZ = itertools.count(441)
# Processes take whole files; where the slowest are taken first, none of them is left to one process at the end
SLOWEST_FIRST = (
    "tests/browser/test_gallery.py",
    "tests/browser/",
    "tests/instance/",
    "tests/project/",
    "tests/uploads/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slowest files."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Return where a test's room comes."""
    return next((n for n, start in enumerate(SLOWEST_FIRST) if item.nodeid.startswith(start)), len(SLOWEST_FIRST))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let browser tests keep pictures."""
    parser.addoption("--screenshots", type=Path, help="The folder that pictures of the pages go to.")


@pytest.fixture(scope="session")
def pictures(pytestconfig: pytest.Config) -> Path | None:
    """The folder that pictures go to, where they are wanted."""
    folder: Path | None = pytestconfig.getoption("--screenshots")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Pages render without a collected manifest."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """The tests' Redis, emptied before and after."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    yield client
    client.flushall()
    client.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real recordings, where it is there."""
    return real_speech.corpus()


@pytest.fixture(scope="session")
def scripted_speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    """One scripted speech server for all tests; each gives it its own script."""
    with SpeechProcess(tmp_path_factory.mktemp("speech"), script={}, has_drills=True) as process:
        yield process


@pytest.fixture
def speech(scripted_speech: SpeechProcess) -> SpeechProcess:
    """A speech server without faults, whose every job is done at once."""
    scripted_speech.rescript({})
    return scripted_speech


@pytest.fixture
def drilled(speech: SpeechProcess) -> Iterator[SpeechProcess]:
    """A speech server that a test makes misbehave, and that is itself again afterwards."""
    yield speech
    speech.end_drill()


@pytest.fixture(scope="session")
def _pulse() -> Iterator[PulseDouble]:
    with PulseDouble() as double:
        yield double


@pytest.fixture
def pulse(_pulse: PulseDouble) -> PulseDouble:
    """A double of Pulse without faults."""
    _pulse.rescript({})
    return _pulse


@pytest.fixture(scope="session")
def _deepgram() -> Iterator[DeepgramDouble]:
    with DeepgramDouble() as double:
        yield double


@pytest.fixture
def deepgram(_deepgram: DeepgramDouble, monkeypatch: pytest.MonkeyPatch) -> DeepgramDouble:
    """A double of Deepgram without faults, of which no one has a token yet."""
    monkeypatch.setattr(tokens, "_shared", {})
    _deepgram.reset()
    _deepgram.rescript({})
    return _deepgram


@pytest.fixture(scope="session")
def _openai() -> Iterator[OpenAIDouble]:
    with OpenAIDouble() as double:
        yield double


@pytest.fixture
def openai(_openai: OpenAIDouble) -> OpenAIDouble:
    """A double of OpenAI without faults."""
    _openai.rescript({})
    return _openai


@pytest.fixture(scope="session")
def _elevenlabs() -> Iterator[ElevenLabsDouble]:
    with ElevenLabsDouble() as double:
        yield double


@pytest.fixture
def elevenlabs(_elevenlabs: ElevenLabsDouble) -> ElevenLabsDouble:
    """A double of ElevenLabs without faults."""
    _elevenlabs.rescript({})
    return _elevenlabs


@pytest.fixture(scope="session")
def _google() -> Iterator[GoogleDouble]:
    with GoogleDouble() as double:
        yield double


@pytest.fixture
def google(_google: GoogleDouble, monkeypatch: pytest.MonkeyPatch) -> GoogleDouble:
    """A double of Google Cloud without faults, of which no one has a token yet."""
    monkeypatch.setattr(tokens, "_shared", {})
    _google.reset()
    _google.rescript({})
    return _google


@pytest.fixture(scope="session")
def _reverie() -> Iterator[ReverieDouble]:
    with ReverieDouble() as double:
        yield double


@pytest.fixture
def reverie(_reverie: ReverieDouble) -> ReverieDouble:
    """A double of Reverie without faults."""
    _reverie.rescript({})
    return _reverie


@pytest.fixture(scope="session")
def _assemblyai() -> Iterator[AssemblyAIDouble]:
    with AssemblyAIDouble() as double:
        yield double


@pytest.fixture
def assemblyai(_assemblyai: AssemblyAIDouble, monkeypatch: pytest.MonkeyPatch) -> AssemblyAIDouble:
    """A double of AssemblyAI without faults, of which no one has a token yet."""
    monkeypatch.setattr(tokens, "_shared", {})
    _assemblyai.rescript({})
    return _assemblyai


@pytest.fixture(scope="session")
def _rev() -> Iterator[RevDouble]:
    with RevDouble() as double:
        yield double


@pytest.fixture
def rev(_rev: RevDouble) -> RevDouble:
    """A double of Rev AI without faults."""
    _rev.rescript({})
    return _rev


@pytest.fixture(scope="session")
def _speechmatics() -> Iterator[SpeechmaticsDouble]:
    with SpeechmaticsDouble() as double:
        yield double


@pytest.fixture
def speechmatics(_speechmatics: SpeechmaticsDouble) -> SpeechmaticsDouble:
    """A double of Speechmatics without faults."""
    _speechmatics.rescript({})
    return _speechmatics


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of sound."""
    return write_tone(tmp_path_factory.mktemp("sound") / "tone.wav")


@pytest.fixture
def new_tone(tmp_path: Path) -> Path:
    """A second of sound that no other test has: an instance sends the same audio only once."""
    return write_tone(tmp_path / "new_tone.wav", hertz=next(HERTZ))


@pytest.fixture
def pipeline(
    transactional_db: None, redis_client: redis.Redis, speech: SpeechProcess, settings: Settings, tone: Path
) -> Pipeline:
    """A pipeline with the scripted speech server as its provider, without limits."""
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = speech.url, speech.key
    return Pipeline(environment.from_environment(), tone)
