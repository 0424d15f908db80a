"""JSON in the shape that OpenAI's Whisper writes (https://github.com/openai/whisper, `transcribe` with word times).

Times are seconds; a word has the space before it and the punctuation after it, as Whisper's have. `speaker` is an
addition that WhisperX made common.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcripts.document import scripts
from transcripts.document.timing import timed
from transcripts.document.tokens import tokens
from transcripts.formats.options import NoOptions

if TYPE_CHECKING:
    from transcripts.document import Segment
    from transcripts.formats.script import Script

Options = NoOptions
# Longer than any word
WHOLE = 1_000_000


def render(script: Script, options: NoOptions) -> bytes:
    """Return the transcript. What has no time of its own has an estimated one, for the shape has no other."""
    segments = timed(script.segments, script.duration_ms).segments
    whole = {
        "text": scripts.joined(segment.text for segment in segments),
        "segments": [_segment(number, segment) for number, segment in enumerate(segments)],
        "language": script.language.partition("-")[0] or None,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _segment(number: int, segment: Segment) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": number,
        "start": _seconds(segment.start_ms),
        "end": _seconds(segment.end_ms),
        "text": segment.text,
        "words": _words(segment),
    }
    return shape | ({"speaker": segment.speaker} if segment.speaker else {})


def _words(segment: Segment) -> list[dict[str, Any]]:
    cut = tokens(segment, WHOLE)
    sure = [word.confidence for word in segment.words] if len(cut) == len(segment.words) else [None] * len(cut)
    words: list[dict[str, Any]] = []
    space = ""
    for token, probability in zip(cut, sure, strict=True):
        text = token.text.rstrip()
        word = {"word": space + text, "start": _seconds(token.start_ms), "end": _seconds(token.end_ms)}
        words.append(word if probability is None else word | {"probability": probability})
        space = token.text[len(text) :]
    return words


def _seconds(ms: int | None) -> float:
    return (ms or 0) / 1_000
