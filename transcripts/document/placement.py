"""Where each timed word of a segment is in its text and in time, as pages get it: flat lists of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.document import alignment
from transcripts.document.values import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

IS_ESTIMATED, IS_RETAINED = 2, 4
# Above the flags are the percents of the confidence, one more so that 0 is a word without any. Only 1 is 100 %.
CONFIDENCE_SHIFT = 3
_FLAG_OF = {Timing.ESTIMATED: IS_ESTIMATED, Timing.RETAINED: IS_RETAINED}


def placed(text: str, words: Sequence[Sequence[Any]]) -> list[int]:
    """Return five numbers for each timed word of the text, in order: offset, length, start (ms), duration (ms), flags.

    `words` are [text, start_ms, end_ms, confidence, timing]; those without times or not in the text are left out.
    Offsets count UTF-16 units, as browsers do, so a text with emoji or rare letters is marked in the right place.
    """
    numbers: list[int] = []
    passed = start = 0
    for span, word in zip(alignment.spans(text, [word[0] for word in words]), words, strict=True):
        if span is None or word[1] is None or word[2] is None:
            continue
        # Counted on from the last word, not from the beginning: a segment may be a whole book.
        start += _units(text[passed : span[0]])
        passed = span[0]
        numbers += _numbers(start, word)
    return numbers


def _numbers(start: int, word: Sequence[Any]) -> tuple[int, int, int, int, int]:
    spoken, start_ms, end_ms, confidence, timing = word
    percent = 0 if confidence is None else int(min(1.0, max(0.0, confidence)) * 100) + 1
    flags = percent << CONFIDENCE_SHIFT | _FLAG_OF.get(timing, 0)
    return start, _units(spoken), start_ms, max(0, end_ms - start_ms), flags


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
