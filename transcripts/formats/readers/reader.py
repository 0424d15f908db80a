"""Reading a transcript that another program or a person wrote, whatever its format."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts.document import Document, Segment
from transcripts.document.plain import one_line
from transcripts.formats.readers import docx, encodings, own_json, srt, txt, vtt, whisper_json
from transcripts.formats.readers.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transcripts.document import Word

MOST_BYTES = 8 * 1024 * 1024
MOST_WORDS = 200_000
# Five times those of a day of conversation: a database is closed to others while they are written
MOST_SEGMENTS = 20_000
# Three days, far beyond any recording: what comes later is no time
LATEST_MS = 3 * 24 * 60 * 60 * 1000
SUFFIXES = (".srt", ".vtt", ".json", ".docx", ".txt")
# What begins other files that people have of transcripts
REFUSED = (
    (b"%PDF", "This is a PDF file, which holds pages and not text. Save the transcript as .docx or .txt."),
    (b"{\\rtf", "This is a Rich Text file. Save the transcript as .docx or .txt."),
    (b"\xd0\xcf\x11\xe0", "This is an old Word document (.doc). Save it as .docx."),
)


def read(content: bytes) -> Document:
    """Return the transcript of a file; the format is recognised by the content. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"This file is larger than {MOST_BYTES // 1024**2} MB. A transcript is smaller.")
    for beginning, message in REFUSED:
        if content.startswith(beginning):
            raise Unreadable(message)
    document = docx.read(content) if content.startswith(b"PK") else _of_text(encodings.decode(content))
    return _bounded(replace(document, segments=tuple(_clean(document.segments))))


def has_times(document: Document) -> bool:
    """Tell whether the file says when anything was spoken."""
    return any(segment.start_ms is not None for segment in document.segments)


def _of_text(text: str) -> Document:
    if text.lstrip("\ufeff \n\t")[:1] in ("{", "["):
        found = _json(text)
        if found is not None:
            return _of_json(found)
    if vtt.is_one(text):
        return vtt.read(text)
    return srt.read(text) if srt.is_one(text) else txt.read(text)


def _json(text: str) -> Any:
    """Return the JSON of a text, None if it is a text that begins with a bracket, such as "[00:01] Hello"."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        if text.lstrip("\ufeff \n\t").startswith("{"):
            raise Unreadable("This file is not complete JSON.", getattr(error, "lineno", None)) from error
        return None


def _of_json(whole: Any) -> Document:
    if not isinstance(whole, dict) or "version" not in whole or "notices" not in whole:
        return whisper_json.read(whole)
    script = own_json.script_of(whole)
    return Document(
        script.segments, script.language or None, script.duration_ms, script.engine, script.language_probability
    )


def _clean(segments: tuple[Segment, ...]) -> Iterator[Segment]:
    """Yield what can be stored, on one line each; leave out what says nothing."""
    for segment in segments:
        text = one_line(segment.text)
        if not text:
            continue
        speaker = one_line(segment.speaker)[:120] if segment.speaker else ""
        words = tuple(word for word in map(_clean_word, segment.words) if word.text)
        yield replace(segment, text=text, speaker=speaker or None, words=words)


def _clean_word(word: Word) -> Word:
    return replace(word, text=one_line(word.text))


def _bounded(document: Document) -> Document:
    if not document.segments:
        raise Unreadable("There is no text in this file.")
    if sum(len(one.words) or len(one.text.split()) for one in document.segments) > MOST_WORDS:
        raise Unreadable(f"This file has more than {MOST_WORDS:,} words. Split it, and the recording too.")
    if len(document.segments) > MOST_SEGMENTS:
        raise Unreadable(f"This file has more than {MOST_SEGMENTS:,} segments. Split it, and the recording too.")
    if any(max(one.start_ms or 0, one.end_ms or 0) > LATEST_MS for one in document.segments):
        raise Unreadable("A time in this file is later than three days, which no recording is.")
    return document
