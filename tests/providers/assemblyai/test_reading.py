"""What is read of AssemblyAI's answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from transcripts.providers.base import Connection
from transcripts.providers.registry import build

if TYPE_CHECKING:
    from transcripts.document import Document
    from transcripts.providers.base import Provider


@pytest.fixture
def provider() -> Provider:
    return build("assemblyai", Connection(endpoint="http://127.0.0.1:9", api_key="unused"))


def parsed(provider: Provider, **answer: Any) -> Document:
    return provider.parse(json.dumps({"status": "completed", "text": "", **answer}).encode())


def test_milliseconds_stay_what_they_are(provider: Provider) -> None:
    words = [{"text": "Hello", "start": 120, "end": 1_501, "confidence": 0.9, "speaker": "A"}]
    [segment] = parsed(provider, text="Hello", words=words, utterances=None).segments
    assert (segment.words[0].start_ms, segment.words[0].end_ms, segment.speaker) == (120, 1_501, "A")


def test_utterances_are_segments_and_words_alone_are_grouped(provider: Provider) -> None:
    words = [
        {"text": "One.", "start": 0, "end": 500, "speaker": "A"},
        {"text": "Two.", "start": 600, "end": 900, "speaker": "B"},
    ]
    spoken = [{**word, "words": [word]} for word in words]
    for answer in ({"utterances": spoken, "words": words}, {"utterances": None, "words": words}):
        document = parsed(provider, text="One. Two.", **answer)
        assert [(one.speaker, one.text) for one in document.segments] == [("A", "One."), ("B", "Two.")]


@pytest.mark.parametrize(
    ("code", "tag"), [("en_us", "en-US"), ("en_uk", "en-GB"), ("de", "de"), (None, None), (7, None), ("klingon", None)]
)
def test_a_detected_language_is_a_tag_with_its_probability(provider: Provider, code: object, tag: str | None) -> None:
    document = parsed(provider, text="x", language_code=code, language_confidence=0.98)
    assert (document.language, document.language_probability) == (tag, 0.98)


@pytest.mark.parametrize("text", ["", None])
def test_silence_is_a_document_without_segments(provider: Provider, text: str | None) -> None:
    assert parsed(provider, text=text, words=[], utterances=[]).segments == ()
