"""Speechmatics' results: words, and punctuation that attaches to the word before or behind it."""

from __future__ import annotations

from typing import Any

from transcripts.document import scripts
from transcripts.providers.wire import dicts, read_text

PUNCTUATION = "punctuation"
UNKNOWN_SPEAKER = "UU"
BEFORE, BEHIND = ("previous", "both"), ("next", "both")


def words_of(results: object) -> list[dict[str, Any]]:
    """Return the words as everything else reads them, each with the punctuation that belongs to it."""
    words: list[dict[str, Any]] = []
    opening = ""
    for result in dicts(results):
        best = next(iter(dicts(result.get("alternatives"))), {})
        text = read_text(best.get("content"))
        if not text:
            continue
        attaches = result.get("attaches_to") if result.get("type") == PUNCTUATION else None
        if attaches in BEFORE and words and not opening:
            words[-1]["word"] += text
        elif attaches in BEHIND:
            opening += text
        else:
            words.append(_word(opening + text, result, best))
            opening = ""
    return [*words, {"word": opening}] if opening else words


def text_of(words: list[dict[str, Any]]) -> str:
    """Return the text of words."""
    return scripts.joined(word["word"] for word in words)


def first_language(results: object) -> object:
    """Return the language of the first result that names one."""
    best = (next(iter(dicts(result.get("alternatives"))), {}) for result in dicts(results))
    return next((one["language"] for one in best if one.get("language")), None)


def _word(text: str, result: dict[str, Any], best: dict[str, Any]) -> dict[str, Any]:
    speaker = best.get("speaker")
    return {
        "word": text,
        "start": result.get("start_time"),
        "end": result.get("end_time"),
        "confidence": best.get("confidence"),
        "speaker": None if speaker == UNKNOWN_SPEAKER else speaker,
    }
