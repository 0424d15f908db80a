"""Google's results: each with a text, its words and its language, and sometimes all words again in the last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transcripts.document.segmentation.order import in_order
from transcripts.providers.errors import BadAnswer
from transcripts.providers.google.languages import told
from transcripts.providers.parsing.listed import read_lists
from transcripts.providers.wire import dicts, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document import Segment


def results_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results; none if there was no speech. Raises BadAnswer for what is no answer of its."""
    results = data.get("results")
    if not isinstance(results, list) and not isinstance(data.get("metadata"), dict):
        raise BadAnswer("The provider's answer holds no transcription", status_code=200)
    return dicts(results)


def segments_of(results: Sequence[dict[str, Any]]) -> tuple[Segment, ...]:
    """Return the segments of all results, in order."""
    best = [_best(result) for result in results]
    if _repeats(best):
        return _read({**best[-1], "transcript": _whole_text(best)})
    found = [
        replace(segment, language=told(result.get("languageCode")))
        for result, alternative in zip(results, best, strict=True)
        for segment in _read(alternative)
    ]
    return tuple(in_order(found, lambda segment: segment.start_ms))


def _read(alternative: dict[str, Any]) -> tuple[Segment, ...]:
    return read_lists(None, _words(alternative.get("words")), read_text(alternative.get("transcript")))


def _best(result: dict[str, Any]) -> dict[str, Any]:
    return next(iter(dicts(result.get("alternatives"))), {})


def _repeats(best: Sequence[dict[str, Any]]) -> bool:
    """Whether the last result begins with the words of all others at their times, now with their speakers.

    Words without times may have been said twice, so they stay.
    """
    if len(best) < 2:
        return False
    before = [word for one in best[:-1] for word in _said(one)]
    are_timed = bool(before) and all(end is not None for _, _, end in before)
    return are_timed and _said(best[-1])[: len(before)] == before and _tells_speakers(best[-1])


def _tells_speakers(alternative: dict[str, Any]) -> bool:
    words = dicts(alternative.get("words"))
    return bool(words) and all(word.get("speakerLabel") for word in words)


def _said(alternative: dict[str, Any]) -> list[tuple[str, object, object]]:
    words = dicts(alternative.get("words"))
    return [(read_text(word.get("word")), word.get("startOffset"), word.get("endOffset")) for word in words]


def _whole_text(best: Sequence[dict[str, Any]]) -> str:
    *before, last = (read_text(one.get("transcript")) for one in best)
    whole = " ".join(filter(None, before))
    return whole if last == whole else " ".join(filter(None, (whole, last)))


def _words(listed: object) -> list[dict[str, Any]]:
    return [_word(word) for word in dicts(listed)]


def _word(word: dict[str, Any]) -> dict[str, Any]:
    """As the other providers tell words. It leaves out what is zero: a start, and a confidence that it has not."""
    has_end = word.get("endOffset") is not None
    return {
        "word": word.get("word"),
        "start": word.get("startOffset", "0s" if has_end else None),
        "end": word.get("endOffset"),
        "confidence": word.get("confidence") or None,
        "speaker": word.get("speakerLabel"),
    }
