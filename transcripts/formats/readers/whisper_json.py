"""JSON of Whisper and the programs around it: openai-whisper, its API, whisper.cpp, faster-whisper and WhisperX."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from transcripts.document import Document, Segment, Timing, Word
from transcripts.formats.readers.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_SHAPE = "This JSON is neither a transcript of Verbatim nor one of Whisper."


def read(whole: Any) -> Document:
    """Return the transcript. Raises Unreadable; the message counts segments from 1."""
    if isinstance(whole, list):
        whole = {"segments": whole}
    if not isinstance(whole, dict):
        raise Unreadable(NO_SHAPE)
    if isinstance(whole.get("transcription"), list):
        return Document(_all(whole["transcription"], _of_cpp), language=_language(whole.get("result") or {}))
    if not isinstance(whole.get("segments"), list):
        raise Unreadable(NO_SHAPE)
    segments = _all(whole["segments"], _segment)
    words = whole.get("words")
    if isinstance(words, list) and not any(segment.words for segment in segments):
        segments = _with_words(segments, [word for word in map(_word, words) if word])
    return Document(segments, language=_language(whole))


def _all(found: Sequence[Any], read_one: Any) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for number, one in enumerate(found, start=1):
        try:
            segment: Segment = read_one(one)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise Unreadable(f"Segment {number} has no text, or times that are none.") from error
        if segment.text:
            segments.append(segment)
    return tuple(segments)


def _segment(one: dict[str, Any]) -> Segment:
    words = [word for word in map(_word, one.get("words") or ()) if word]
    speaker = one.get("speaker")
    return Segment(
        text=_text(one["text"]),
        start_ms=_ms(one.get("start")),
        end_ms=_ms(one.get("end")),
        speaker=None if speaker is None else str(speaker).strip() or None,
        words=tuple(words),
    )


def _word(one: dict[str, Any]) -> Word | None:
    text = _text(one.get("word", one.get("text")))
    start_ms, end_ms = _ms(one.get("start")), _ms(one.get("end"))
    is_timed = start_ms is not None and end_ms is not None
    sure = one.get("probability", one.get("score"))
    confidence = min(1.0, max(0.0, _number(sure))) if sure is not None else None
    return Word(text, start_ms, end_ms, confidence, Timing.MEASURED if is_timed else Timing.UNTIMED) if text else None


def _of_cpp(one: dict[str, Any]) -> Segment:
    """Return a segment of whisper.cpp, whose times are milliseconds."""
    text = _text(one["text"])
    start_ms, end_ms = (round(_number(one["offsets"][edge])) for edge in ("from", "to"))
    speaker = one.get("speaker")
    return Segment(text, start_ms, end_ms, None if speaker in (None, "", "?") else str(speaker))


def _with_words(segments: Sequence[Segment], words: Sequence[Word]) -> tuple[Segment, ...]:
    """Give each segment the words whose middle is in it, as the API lists them apart."""
    found: list[Segment] = []
    for segment in segments:
        begin, end = segment.start_ms or 0, segment.end_ms or 0
        mine = [word for word in words if begin <= ((word.start_ms or 0) + (word.end_ms or 0)) // 2 < end]
        found.append(Segment(segment.text, segment.start_ms, segment.end_ms, segment.speaker, tuple(mine)))
    return tuple(found)


def _language(whole: dict[str, Any]) -> str | None:
    found = whole.get("language")
    # The API names languages in English, which is no tag
    return found if isinstance(found, str) and 2 <= len(found) <= 3 else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _ms(seconds: Any) -> int | None:
    return None if seconds is None else round(_number(seconds) * 1000)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise TypeError
    return value
