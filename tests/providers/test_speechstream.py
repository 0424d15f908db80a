"""The SpeechStream adapter against the real speech server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.base import Connection, Options, State
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.speech import SpeechProcess


def connection(speech: SpeechProcess) -> Connection:
    return Connection(endpoint=speech.url, api_key=speech.key)


def test_a_recording_becomes_a_document(speech: SpeechProcess, tone: Path) -> None:
    provider = build("speechstream", connection(speech))
    taken = provider.submit(tone, Options(language="en"))
    assert taken.state is State.PROCESSING
    answer = provider.check(taken.processing_id)
    assert answer.state is State.COMPLETED
    assert provider.parse(answer.raw).text == "and so my fellow americans"
