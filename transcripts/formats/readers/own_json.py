"""The JSON that `formats/json.py` writes. What is read and written again is the same file."""

from __future__ import annotations

import json
from typing import Any

from transcripts.document import Segment, Timing, Word
from transcripts.formats.json import VERSION
from transcripts.formats.readers.errors import Unreadable
from transcripts.formats.script import Notice, Script


def read(content: bytes) -> Script:
    """Return the transcript of a file. Raises Unreadable."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This file is not JSON.") from error
    return script_of(whole)


def script_of(whole: Any) -> Script:
    """Return the transcript of JSON that is decoded. Raises Unreadable."""
    version = whole.get("version") if isinstance(whole, dict) else None
    if not isinstance(version, int) or "segments" not in whole:
        raise Unreadable("This JSON is not a transcript of Verbatim.")
    if version > VERSION:
        raise Unreadable("A newer version of Verbatim wrote this file. Update this instance to read it.")
    try:
        return _script(whole)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable("Part of this transcript is missing or has another shape.") from error


def _script(whole: dict[str, Any]) -> Script:
    return Script(
        title=_text(whole["title"]),
        language=whole["language"] or "",
        duration_ms=_ms(whole["duration_ms"]),
        engine=_text(whole["engine"]),
        segments=tuple(_segment(one) for one in whole["segments"]),
        notices=tuple(Notice(one["code"], dict(one["values"]), one["message"]) for one in whole["notices"]),
        language_probability=_share(whole["language_probability"]),
    )


def _segment(one: dict[str, Any]) -> Segment:
    return Segment(
        text=_text(one["text"]),
        start_ms=_ms(one["start_ms"]),
        end_ms=_ms(one["end_ms"]),
        speaker=None if one["speaker"] is None else _text(one["speaker"]),
        words=tuple(_word(word) for word in one["words"]),
        language=None if one["language"] is None else _text(one["language"]),
    )


def _word(one: dict[str, Any]) -> Word:
    times = _ms(one["start_ms"]), _ms(one["end_ms"])
    return Word(_text(one["text"]), *times, _share(one["confidence"]), Timing(one["timing"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _ms(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise TypeError
    return value


def _share(value: Any) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1):
        raise TypeError
    return value
