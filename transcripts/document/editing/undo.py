"""An edit taken back, also after others changed the same segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.document.editing import texts, words
from transcripts.document.editing.rows import Overwritten, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.values import Segment


def undone(now: Sequence[Row], before: Row | None, after: Row) -> tuple[list[Row], list[Overwritten]]:
    """Return rows without what an edit did to the first, and the words of others that this overwrites.

    The edit made `after` of `before`, which is None if it made the row; `now` is the row as it is, followed by those
    into which others took words of it since. What others changed since stays.
    """
    first, *others = now
    if others and not first.gone and not after.gone:
        return _undone_family(now, before, after)
    row, lost = _unmade(first, after) if before is None else _undone(first, before, after)
    return [row, *others], lost


def _undone(now: Row, before: Row, after: Row) -> tuple[Row, list[Overwritten]]:
    merged = texts.merge(after.text, before.text, now.text)
    segment = _segment(now, before, after, merged.text)
    gone = before.gone if now.gone == after.gone else now.gone
    row = replace(
        now,
        segment=segment,
        gone=gone,
        merged_into=before.merged_into if gone else "",
        is_reviewed=_is_reviewed(now, before, after, merged.text),
    )
    return row, [Overwritten(now.key, kept, offered) for kept, offered in merged.lost]


def _is_reviewed(now: Row, before: Row, after: Row, text: str) -> bool:
    """Tell whether a person declared right what the row says now; a tick is taken back as any other field."""
    if before.is_reviewed != after.is_reviewed == now.is_reviewed:
        return before.is_reviewed and text == before.text
    return now.is_reviewed and text == now.text


def _undone_family(now: Sequence[Row], before: Row | None, after: Row) -> tuple[list[Row], list[Overwritten]]:
    """Take back a text that is in several rows by now. Those that are left without words leave the text."""
    was = "" if before is None or before.gone else before.text
    merged = texts.merge(after.text, was, "\n".join(row.text for row in now))
    parts = merged.text.split("\n")
    rows = []
    for at, row in enumerate(now):
        text = parts[at].strip() if at < len(parts) else ""
        is_left = bool(text) or not row.text or (at == 0 and was == "" and before is not None and not before.gone)
        said = row.saying(words.saying(row.segment, text)) if text != row.text else row
        rows.append(said if is_left else replace(row, gone=True, merged_into=""))
    return rows, [Overwritten(now[0].key, _flat(kept), _flat(offered)) for kept, offered in merged.lost]


def _flat(text: str) -> str:
    return text.replace("\n", " ").strip()


def _unmade(now: Row, after: Row) -> tuple[Row, list[Overwritten]]:
    """Take a row out of the text again; what others wrote in it since stays."""
    left = texts.merge(after.text, "", now.text).text.strip()
    if not left:
        return replace(now, gone=True, merged_into=""), []
    return now.saying(words.saying(now.segment, left)), []


def _segment(now: Row, before: Row, after: Row, text: str) -> Segment:
    """Return each field as it was before the edit, unless someone changed it since."""
    old, new, present = before.segment, after.segment, now.segment
    is_same = present.text == new.text and present.words == new.words
    said = old if is_same else _unaccepted(old, new, words.saying(present, text))
    times = old if (present.start_ms, present.end_ms) == (new.start_ms, new.end_ms) else present
    return replace(
        said,
        speaker=old.speaker if present.speaker == new.speaker else present.speaker,
        start_ms=times.start_ms,
        end_ms=times.end_ms,
        language=present.language,
    )


def _unaccepted(old: Segment, new: Segment, present: Segment) -> Segment:
    """Return a segment whose text no one changed with the words that the edit changed as they were before it."""
    lists = (old.words, new.words, present.words)
    if not old.text == new.text == present.text or len({len(one) for one in lists}) > 1:
        return present
    kept = [was if now == after else now for was, after, now in zip(*lists, strict=True)]
    return replace(present, words=tuple(kept))
