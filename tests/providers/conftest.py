"""One scripted speech server for the whole folder; each test gives it its own script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.speech import SpeechProcess
from tests.support.wav import write_tone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def scripted_speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    with SpeechProcess(tmp_path_factory.mktemp("speech"), script={}) as process:
        yield process


@pytest.fixture
def speech(scripted_speech: SpeechProcess) -> SpeechProcess:
    """A speech server without faults, whose every job is done at once."""
    scripted_speech.rescript({})
    return scripted_speech


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tone(tmp_path_factory.mktemp("sound") / "tone.wav")
