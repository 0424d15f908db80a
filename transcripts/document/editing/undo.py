"""An edit taken back, also after others changed the same segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document.editing import texts, words
from transcripts.document.editing.rows import Overwritten, Row

if TYPE_CHECKING:
    from transcripts.document.values import Segment


def undone(now: Row, before: Row | None, after: Row) -> tuple[Row, list[Overwritten]]:
    """Return a row without what an edit did to it, and the words of others that this overwrites.

    The edit made `after` of `before`, which is None if it made the row; `now` is the row as it is. What others changed
    since stays.
    """
    if before is None:
        return _unmade(now, after)
    merged = texts.merge(after.text, before.text, now.text)
    segment = _segment(now, before, after, merged.text)
    gone = before.gone if now.gone == after.gone else now.gone
    row = replace(now, segment=segment, gone=gone, merged_into=before.merged_into if gone else "")
    return row, [Overwritten(now.key, kept, offered) for kept, offered in merged.lost]


def _unmade(now: Row, after: Row) -> tuple[Row, list[Overwritten]]:
    """Take a row out of the text again; what others wrote in it since stays."""
    left = texts.merge(after.text, "", now.text).text.strip()
    if not left:
        return replace(now, gone=True, merged_into=""), []
    return replace(now, segment=words.saying(now.segment, left)), []


def _segment(now: Row, before: Row, after: Row, text: str) -> Segment:
    """Return each field as it was before the edit, unless someone changed it since."""
    old, new, present = before.segment, after.segment, now.segment
    is_same = present.text == new.text and present.words == new.words
    said = old if is_same else words.saying(present, text)
    times = old if (present.start_ms, present.end_ms) == (new.start_ms, new.end_ms) else present
    return replace(
        said,
        speaker=old.speaker if present.speaker == new.speaker else present.speaker,
        start_ms=times.start_ms,
        end_ms=times.end_ms,
        language=present.language,
    )
