"""Reading the answers of OpenAI's models and of the servers that speak its API."""

from __future__ import annotations

import re
from typing import Any

from transcripts.document import Document
from transcripts.document.languages import most_spoken
from transcripts.providers.errors import BadAnswer
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.parsing.listed import read_lists
from transcripts.providers.wire import dicts, read_confidence, read_ms, read_text


def read(data: dict[str, Any], *, engine: str) -> Document:
    """Read an answer of any shape: text alone, with segments and words beside each other, or with speakers."""
    look_at(data)
    segments = [{**segment, "words": _sure(segment.get("words"))} for segment in dicts(data.get("segments"))]
    found = read_lists(segments, _sure(data.get("words")), read_text(_text(data, segments)))
    probability = data.get("detected_language_probability", data.get("language_probability"))
    return Document(
        segments=found,
        language=_language(data) or most_spoken(found),
        duration_ms=_duration_ms(data),
        engine=engine,
        language_probability=read_confidence(probability),
    )


def look_at(data: dict[str, Any]) -> None:
    """Make sure that it is a transcript, and no more. Raises BadAnswer."""
    if not isinstance(data.get("text"), str) and not any(
        isinstance(data.get(one), list) for one in ("segments", "words")
    ):
        raise BadAnswer("The provider's answer holds no transcription", status_code=200)


def _sure(words: object) -> list[dict[str, Any]]:
    """Words with their confidence, which servers around Whisper call a probability."""
    return [{**word, "confidence": word.get("confidence", word.get("probability"))} for word in dicts(words)]


def _text(data: dict[str, Any], segments: list[dict[str, Any]]) -> object:
    """The full text, without the names of speakers that begin the lines of a diarized one."""
    text = data.get("text")
    names = {str(segment["speaker"]) for segment in segments if isinstance(segment.get("speaker"), str | int)}
    if not isinstance(text, str) or not names:
        return text
    begins = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"^[^\S\n]*(?:{begins}):\s", "", text, flags=re.MULTILINE)


def _language(data: dict[str, Any]) -> str | None:
    """A code or an English name, of one or of several that were found."""
    told = (data.get(name) for name in ("language", "detected_language", "languages"))
    return next((tag for tag in map(read_language, told) if tag), None)


def _duration_ms(data: dict[str, Any]) -> int | None:
    usage = data.get("usage")
    billed = usage.get("seconds") if isinstance(usage, dict) else None
    return read_ms(data.get("duration", billed))
