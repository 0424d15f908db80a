"""Rev AI's transcripts: elements of text, of punctuation and of what is neither, in monologues of one voice each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.providers.wire import dicts, read_speaker, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

PUNCTUATION = "punct"


def text_of(elements: object) -> str:
    """Return the text of elements. Spaces are elements too, so nothing is put between them."""
    return read_text("".join(_value(element) for element in dicts(elements)))


def words_of(elements: object, voice: str | None) -> Iterator[dict[str, Any]]:
    """Yield the words of elements as everything else reads them, each with its voice."""
    for element in dicts(elements):
        if element.get("type") != PUNCTUATION and _value(element).strip():
            yield {
                "word": _value(element).strip(),
                "start": element.get("ts"),
                "end": element.get("end_ts"),
                "confidence": element.get("confidence"),
                "speaker": voice,
            }


def transcription(monologues: object) -> dict[str, Any]:
    """Return monologues as a full text and its words."""
    listed = dicts(monologues)
    return {
        "transcription": " ".join(text_of(monologue.get("elements")) for monologue in listed),
        "words": [word for one in listed for word in words_of(one.get("elements"), read_speaker(one))],
    }


def _value(element: dict[str, Any]) -> str:
    value = element.get("value")
    return value if isinstance(value, str) else ""
