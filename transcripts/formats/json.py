"""JSON with every word's times, for programs. `version` rises when the meaning of a field changes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from transcripts.document import scripts
from transcripts.formats.options import NoOptions

if TYPE_CHECKING:
    from transcripts.document import Segment
    from transcripts.formats.script import Script

VERSION = 1
Options = NoOptions


def render(script: Script, options: NoOptions) -> bytes:
    """Return the transcript; times are integer milliseconds, confidence runs from 0 to 1."""
    whole = {
        "version": VERSION,
        "title": script.title,
        "language": script.language or None,
        "language_probability": script.language_probability,
        "duration_ms": script.duration_ms,
        "engine": script.engine,
        "notices": [asdict(notice) for notice in script.notices],
        "text": scripts.joined(segment.text for segment in script.segments),
        "segments": [_segment(segment) for segment in script.segments],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _segment(segment: Segment) -> dict[str, Any]:
    words = [
        {
            "text": word.text,
            "start_ms": word.start_ms,
            "end_ms": word.end_ms,
            "confidence": word.confidence,
            "timing": word.timing.value,
        }
        for word in segment.words
    ]
    return {
        "speaker": segment.speaker,
        "language": segment.language,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "words": words,
    }
