"""Two real speech servers for the whole folder: one scripted, one that recognises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.speech_server.process import SpeechProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def recognising_speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    """A speech server with the small English model and no limits."""
    with SpeechProcess(tmp_path_factory.mktemp("recognising")) as process:
        yield process


@pytest.fixture(scope="session")
def _scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    with SpeechProcess(tmp_path_factory.mktemp("scripted"), script={}, keys=("key-one", "key-two")) as process:
        yield process


@pytest.fixture
def speech(_scripted: SpeechProcess) -> SpeechProcess:
    """A scripted speech server without limits or faults that knows two keys."""
    _scripted.rescript({})
    return _scripted
