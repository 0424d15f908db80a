"""Reading a transcript out of a provider's answer: seconds become milliseconds, and nothing is trusted.

The full text says which words were said, the lists of segments and words say when and by whom.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts.document import Document, Segment, Timing, Word, scripts
from transcripts.document.languages import most_spoken
from transcripts.document.segmentation.completion import completed
from transcripts.document.segmentation.full_text import spelled
from transcripts.document.segmentation.grouping import of_parts
from transcripts.document.segmentation.order import ended, in_order, steady
from transcripts.document.segmentation.pieces import text_of
from transcripts.providers.errors import BadAnswer
from transcripts.providers.parsing.language_tags import read_language
from transcripts.providers.wire import dicts, read_confidence, read_ms, read_span, read_speaker, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.segmentation.full_text import Part

LONGEST_ENGINE = 120
LONGEST_SPEAKER = 120

Spoken = tuple[Word, "str | None"]


def read_document(data: dict[str, Any]) -> Document:
    """Read `segments`, else `words` grouped, completed by `transcription`; or that alone, as one segment without times.

    An empty transcription, or one that is null, gives a document without segments. Raises BadAnswer for an answer that
    has none.
    """
    source, text = _source(data)
    segments = _segments(source, text)
    if not segments and not text and not _has_transcription(data):
        raise BadAnswer("The provider's answer holds no transcription")
    return Document(
        segments=segments or ((Segment(text=text),) if text else ()),
        language=read_language(source.get("language")) or most_spoken(segments),
        duration_ms=read_ms(source.get("duration")),
        engine=read_text(source.get("engine"))[:LONGEST_ENGINE],
        language_probability=read_confidence(source.get("language_probability")),
        has_exact_speakers=source.get("speakers_estimated") is False,
        is_draft=source.get("draft") is True,
    )


def has_text(data: dict[str, Any]) -> bool:
    """Tell whether an answer holds any words."""
    source, text = _source(data)
    return bool(text or read_segments(source.get("segments")) or read_words(source.get("words")))


def _source(data: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Where the lists are, and the full text."""
    body = data.get("transcription")
    if isinstance(body, dict):
        return {**data, **body}, read_text(body.get("text"))
    if isinstance(body, list):
        lines = [line for line in body if isinstance(line, str)]
        listed = data.get("segments") or dicts(body)
        return {**data, "segments": listed}, read_text(" ".join(lines))
    others = (data.get(name) for name in ("text", "transcript"))
    return data, read_text(body) or next((text for text in map(read_text, others) if text), "")


def _segments(source: dict[str, Any], text: str) -> tuple[Segment, ...]:
    found = _listed_segments(source.get("segments"))
    if found:
        return tuple(_each_ended(in_order(completed(found, text), _start_of)))
    pairs = _listed_words(source.get("words"))
    return with_text([word for word, _ in pairs], [voice for _, voice in pairs], text) if pairs else ()


def with_text(words: Sequence[Word], voices: Sequence[str | None], text: str) -> tuple[Segment, ...]:
    """Make segments of words that are listed without segments, and of the full text beside them, if there is one."""
    order = in_order(range(len(words)), lambda number: words[number].start_ms)
    in_time, voices_in_time = [words[number] for number in order], [voices[number] for number in order]
    if not text:
        return of_parts(spelled(scripts.joined(word.text for word in in_time), in_time), voices_in_time)
    parts = spelled(text, words)
    if order != list(range(len(words))) and _differing(parts):
        # The text may be in the order of time although the list is not.
        others = spelled(text, in_time)
        if _differing(others) < _differing(parts):
            return of_parts(others, voices_in_time)
    return of_parts(parts, voices)


def _differing(parts: Sequence[Part]) -> int:
    return sum(part.number is None or part.is_unwritten for part in parts)


def group_words(words: Sequence[Word], *, speakers: Sequence[str | None] | None = None) -> tuple[Segment, ...]:
    """Make segments of words: a new one after a pause of 1 s, another speaker, or 15 s."""
    return with_text(words, speakers or [None] * len(words), "")


def read_segments(listed: object) -> tuple[Segment, ...]:
    """Read a list of segments, in order; those without a time stay behind the one they followed."""
    found = _each_ended(in_order(_listed_segments(listed), _start_of))
    return tuple(replace(one, end_ms=one.start_ms) if one.end_ms is None else one for one in found)


def read_words(listed: object) -> list[Spoken]:
    """Read a list of words, in order, each with its speaker; those without a time stay behind the one they followed."""
    pairs = in_order(_listed_words(listed), lambda pair: pair[0].start_ms)
    words = ended([word for word, _ in pairs])
    return [(_with_end(word), voice) for word, (_, voice) in zip(words, pairs, strict=True)]


def _with_end(word: Word) -> Word:
    return replace(word, end_ms=word.start_ms) if word.end_ms is None else word


def _start_of(segment: Segment) -> int | None:
    return segment.start_ms


def _each_ended(segments: Sequence[Segment]) -> list[Segment]:
    """Give segments without an end the next start, or the end of their own words if that is later."""
    found: list[Segment] = []
    following: int | None = None
    for segment in reversed(segments):
        if segment.start_ms is not None:
            if segment.end_ms is None and following is not None:
                ends = [word.end_ms for word in segment.words if word.end_ms is not None]
                segment = replace(segment, end_ms=max([segment.start_ms, following, *ends]))
            following = segment.start_ms
        found.append(segment)
    return found[::-1]


# As they are listed


def _listed_segments(listed: object) -> list[Segment]:
    return [segment for item in dicts(listed) if (segment := _segment(item))]


def _segment(item: dict[str, Any]) -> Segment | None:
    listed = [word for word, _ in _listed_words(item.get("words"))]
    text, words = _spelled(read_text(item.get("text")), listed)
    if not text:
        return None
    start_ms, end_ms = read_span(item)
    starts = [word.start_ms for word in words if word.start_ms is not None]
    if start_ms is None and starts:
        start_ms = min(starts)
        end_ms = max((word.end_ms for word in words if word.end_ms is not None), default=None)
    return Segment(text, start_ms, end_ms, _speaker(item), words, read_language(item.get("language")))


def _spelled(text: str, listed: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """A segment's text and its words, each holding all of the other's; the text tells their order, else time does."""
    if text and listed:
        parts = [part.piece for part in spelled(text, listed)]
        return text_of(parts) or text, tuple(ended(steady([part.word for part in parts])))
    words = in_order(listed, lambda word: word.start_ms)
    return text or scripts.joined(word.text for word in words), tuple(ended(words))


def _listed_words(listed: object) -> list[Spoken]:
    """Words in the order of the list, sub-word tokens put together; a missing end is the next start."""
    items = [item for item in dicts(listed) if _written(item).strip()]
    # If a leading space means a new word, then its absence means the same word.
    are_tokens = any(_written(item)[:1].isspace() for item in items[1:])
    found: list[Spoken] = []
    for item in items:
        word, voice = _word(item), _speaker(item)
        if not word.text:
            continue
        is_more = are_tokens and not _written(item)[:1].isspace()
        if found and (scripts.closes(word.text) or (is_more and _is_one(found[-1], word, voice))):
            found[-1] = _together(found[-1][0], word), found[-1][1]
        else:
            found.append((word, voice))
    return found


def _is_one(before: Spoken, word: Word, voice: str | None) -> bool:
    """Whether a token without a leading space continues a word; scripts without spaces have none to lead."""
    return voice == before[1] and not (scripts.is_unspaced(before[0].text[-1:]) or scripts.is_unspaced(word.text[:1]))


def _together(word: Word, more: Word) -> Word:
    sure = [one.confidence for one in (word, more) if one.confidence is not None]
    ends = [one.end_ms for one in (word, more) if one.end_ms is not None]
    end_ms = max([word.start_ms, *ends]) if word.start_ms is not None and ends else None
    return Word(word.text + more.text, word.start_ms, end_ms, min(sure, default=None), word.timing)


def _written(item: dict[str, Any]) -> str:
    text = item.get("word") or item.get("text")
    return text if isinstance(text, str) else ""


def _word(item: dict[str, Any]) -> Word:
    start_ms, end_ms = read_span(item)
    confidence = read_confidence(item.get("confidence"))
    timing = Timing.UNTIMED if start_ms is None else Timing.MEASURED
    return Word(read_text(_written(item)), start_ms, end_ms, confidence, timing)


def _speaker(item: dict[str, Any]) -> str | None:
    speaker = read_speaker(item)
    return speaker and speaker[:LONGEST_SPEAKER]


def _has_transcription(data: dict[str, Any]) -> bool:
    # Null is how some say that they found nothing.
    return ("transcription" in data and isinstance(data["transcription"], str | dict | list | None)) or any(
        isinstance(data.get(name), list) for name in ("segments", "words")
    )
