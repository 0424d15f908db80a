"""Reading a transcript out of a provider's answer: seconds become milliseconds, and nothing is trusted."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts.document import Document, Segment, Timing, Word
from transcripts.providers.base import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_GAP_MS = 1_000
MAX_SEGMENT_MS = 15_000
# Thirty years in seconds: nothing that is measured here comes near.
MAX_NUMBER = 1e9


def read_document(data: dict[str, Any]) -> Document:
    """Read `segments`, else `words` grouped, else `transcription` as one segment without times.

    An empty transcription gives a document without segments. Raises BadAnswer where there is none of them.
    """
    body = data.get("transcription")
    source = {**data, **body} if isinstance(body, dict) else data
    text = read_text(source.get("text") if isinstance(body, dict) else body)
    segments = _segments(source)
    if not segments and not text and not _has_transcription(data):
        raise BadAnswer("The provider's answer holds no transcription")
    return Document(
        segments=segments or ((Segment(text=text),) if text else ()),
        language=read_text(source.get("language")) or None,
        duration_ms=read_ms(source.get("duration")),
        engine=read_text(source.get("engine")),
    )


def group_words(words: Sequence[Word], *, speakers: Sequence[str | None] | None = None) -> tuple[Segment, ...]:
    """Make segments of words in order: a new one after a pause of 1 s, another speaker, or 15 s."""
    voices = speakers or [None] * len(words)
    groups: list[tuple[str | None, list[Word]]] = []
    for word, voice in zip(words, voices, strict=True):
        if not groups or voice != groups[-1][0] or _is_apart(groups[-1][1], word):
            groups.append((voice, []))
        groups[-1][1].append(word)
    return tuple(_of_words(group, voice) for voice, group in groups)


def _is_apart(group: Sequence[Word], word: Word) -> bool:
    begins, ended = _first(group), _last(group)
    if word.start_ms is None or word.end_ms is None or begins is None or ended is None:
        return False
    return word.start_ms - ended > MAX_GAP_MS or word.end_ms - begins > MAX_SEGMENT_MS


def _of_words(words: Sequence[Word], speaker: str | None) -> Segment:
    text = " ".join(word.text for word in words)
    return Segment(text, _first(words), _last(words), speaker, tuple(words))


def _first(words: Iterable[Word]) -> int | None:
    return min((word.start_ms for word in words if word.start_ms is not None), default=None)


def _last(words: Iterable[Word]) -> int | None:
    return max((word.end_ms for word in words if word.end_ms is not None), default=None)


def _segments(source: dict[str, Any]) -> tuple[Segment, ...]:
    found = read_segments(source.get("segments"))
    if found:
        return found
    pairs = read_words(source.get("words"))
    return group_words([word for word, _ in pairs], speakers=[voice for _, voice in pairs])


def read_segments(listed: object) -> tuple[Segment, ...]:
    """Read a list of segments, in order; those without a time stay behind the one they followed."""
    found = [segment for item in _dicts(listed) if (segment := _segment(item))]
    return tuple(_sorted_segments(found))


def read_words(listed: object) -> list[tuple[Word, str | None]]:
    """Read a list of words, in order, each with its speaker."""
    pairs = [(word, _speaker(item)) for item in _dicts(listed) if (word := _word(item))]
    return sorted(pairs, key=lambda pair: _order(pair[0].start_ms))


def _sorted_segments(segments: Sequence[Segment]) -> list[Segment]:
    keyed, last = [], -1
    for segment in segments:
        last = segment.start_ms if segment.start_ms is not None else last
        keyed.append((last, segment))
    return [segment for _, segment in sorted(keyed, key=lambda pair: pair[0])]


def _segment(item: dict[str, Any]) -> Segment | None:
    words = _in_order([word for one in _dicts(item.get("words")) if (word := _word(one))])
    text = read_text(item.get("text")) or " ".join(word.text for word in words)
    if not text:
        return None
    start_ms, end_ms = _span(item)
    if start_ms is None:
        start_ms, end_ms = _first(words), _last(words)
    return Segment(text, start_ms, end_ms, _speaker(item), words)


def _in_order(words: Sequence[Word]) -> tuple[Word, ...]:
    if any(word.start_ms is None for word in words):
        return tuple(words)
    return tuple(sorted(words, key=lambda word: _order(word.start_ms)))


def _order(start_ms: int | None) -> int:
    return start_ms if start_ms is not None else 0


def _word(item: dict[str, Any]) -> Word | None:
    text = read_text(item.get("word") or item.get("text"))
    if not text:
        return None
    start_ms, end_ms = _span(item)
    word = Word(text, confidence=_confidence(item.get("confidence")))
    if start_ms is None:
        return word
    return replace(word, start_ms=start_ms, end_ms=end_ms, timing=Timing.MEASURED)


def _span(item: dict[str, Any]) -> tuple[int, int] | tuple[None, None]:
    """Both times, in order, or neither."""
    start_ms, end_ms = read_ms(item.get("start")), read_ms(item.get("end"))
    if start_ms is None or end_ms is None:
        return None, None
    return start_ms, max(start_ms, end_ms)


def read_ms(seconds: object) -> int | None:
    """Seconds as milliseconds, never negative; None for what is no number."""
    number = _number(seconds)
    return None if number is None else max(0, round(number * 1000))


def _confidence(value: object) -> float | None:
    number = _number(value)
    return None if number is None else min(max(number, 0.0), 1.0)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Also false for NaN.
    return float(value) if abs(value) <= MAX_NUMBER else None


def _speaker(item: dict[str, Any]) -> str | None:
    speaker = item.get("speaker")
    # 0 is a speaker; an empty name is none.
    if isinstance(speaker, bool) or not isinstance(speaker, str | int):
        return None
    return read_text(str(speaker)) or None


def read_text(value: object) -> str:
    """Text in composed form, without control characters, single-spaced; nothing for what is not text."""
    if not isinstance(value, str):
        return ""
    composed = unicodedata.normalize("NFC", value)
    kept = (" " if character.isspace() else character for character in composed)
    return " ".join("".join(character for character in kept if _is_printable(character)).split())


def _is_printable(character: str) -> bool:
    # Cc are controls, Cs halves of pairs that no database takes; joiners (Cf) belong to many scripts.
    return unicodedata.category(character) not in ("Cc", "Cs")


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _has_transcription(data: dict[str, Any]) -> bool:
    return isinstance(data.get("transcription"), str | dict) or any(
        isinstance(data.get(name), list) for name in ("segments", "words")
    )
