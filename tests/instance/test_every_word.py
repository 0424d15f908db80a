"""What the recogniser hears is what the transcript says: not a word is lost, doubled or changed on the way."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.support.corpus import exact_english
from tests.support.instance import Instance
from tests.support.speech_server.recogniser import segments_of, words_of
from transcripts.media.names import AUDIO_NAME
from transcripts.media.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.long, pytest.mark.corpus, pytest.mark.timeout(600)]

AT_ONCE = 3


def heard_alone(recording: Path, folder: Path) -> list[str]:
    """The words of the recogniser run by itself on the 16 kHz audio that providers get."""
    folder.mkdir()
    prepare(recording, folder, lambda _share: None)
    return words_of(segments_of(folder / AUDIO_NAME))


def test_every_word_that_was_heard_arrives(tmp_path: Path) -> None:
    recordings = [path for path, _ in exact_english()]

    def transcribe(path: Path) -> tuple[int, str, str]:
        return instance.transcribe(path, "--language", "en", "--format", "json").result(timeout_s=500)

    with Instance(tmp_path / "data") as instance, ThreadPoolExecutor(AT_ONCE) as terminals:
        results = terminals.map(transcribe, recordings)
        heard = [heard_alone(path, tmp_path / path.name) for path in recordings]
        arrived = list(results)
    assert len(recordings) > 5
    for path, words, (status, printed, complaint) in zip(recordings, heard, arrived, strict=True):
        assert status == 0, complaint
        script = json.loads(printed)
        assert [word["text"] for segment in script["segments"] for word in segment["words"]] == words, path.name
        assert script["text"].split() == words, path.name
