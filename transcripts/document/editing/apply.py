"""Operations applied to rows, whatever others did to them since their page last knew the transcript.

Nothing that a person typed is dropped: what has no place any more gets one, and overwritten words are returned.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, assert_never

from transcripts.document.editing import operations, texts, words
from transcripts.document.editing.rows import Overwritten, Row
from transcripts.document.values import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from transcripts.document.editing.rows import Rows

RowOperation = (
    operations.SetText | operations.Split | operations.Merge | operations.Insert | operations.Remove
    | operations.SetSpeaker | operations.SetTimes | operations.MoveBoundary | operations.Accept | operations.Tick
)  # fmt: skip


def apply(rows: Rows, asked: Iterable[RowOperation], *, seq: int, now: int) -> list[Overwritten]:
    """Apply operations that a page made when `seq` was the last change it knew; `now` is the number of theirs.

    Returns the words of others in whose place they put theirs.
    """
    applying = _Applying(rows, seq, now)
    for operation in asked:
        applying.take(operation)
    return applying.overwritten


class _Applying:
    def __init__(self, rows: Rows, seq: int, now: int) -> None:
        self._rows, self._seq, self._now = rows, seq, now
        self.overwritten: list[Overwritten] = []

    def take(self, operation: RowOperation) -> None:
        match operation:
            case operations.SetText():
                self._set_text(operation)
            case operations.Split():
                self._split(operation)
            case operations.Merge():
                self._merge(operation)
            case operations.Insert():
                self._insert(operation)
            case operations.Remove():
                self._remove(operation)
            case operations.SetSpeaker():
                self._set_speaker(operation)
            case operations.SetTimes():
                self._set_times(operation)
            case operations.MoveBoundary():
                self._move_boundary(operation)
            case operations.Accept():
                self._accept(operation)
            case operations.Tick():
                self._tick(operation)
            case _:
                assert_never(operation)

    # Finding rows

    def _home(self, key: str) -> Row | None:
        """Return the row, or the one that took its words."""
        row = self._rows.get(key)
        while row is not None and row.gone and row.merged_into:
            row = self._rows.get(row.merged_into)
        return row

    def _present(self, key: str) -> Row | None:
        row = self._home(key)
        return None if row is None or row.gone else row

    def _family(self, row: Row, was: str) -> list[Row]:
        """Return the row with those that others split off it since: an operation on it means all of them."""
        return [row] if row.text == was else [row, *self._rows.split_off(row.key, self._seq)]

    # Text

    def _set_text(self, asked: operations.SetText) -> None:
        row = self._home(asked.id)
        if row is None:
            self._insert(operations.Insert(asked.id, asked.text, asked.after, asked.speaker))
        elif row.gone:
            # An edit beats a removal
            self._say(row, asked.text)
        else:
            family = self._family(row, asked.was)
            self._merge_text(family, asked.was, asked.text)

    def _merge_text(self, family: Sequence[Row], was: str, text: str) -> None:
        """Merge a change into the texts of a family; between them stands a line feed, which no text has."""
        merged = texts.merge(was, text, "\n".join(row.text for row in family))
        parts = merged.text.split("\n")
        for row, part in zip(family, parts, strict=False):
            self._say(row, part)
        for row in family[len(parts) :]:
            self._rows.put(replace(row, gone=True, merged_into=family[0].key))
        lost = (Overwritten(family[0].key, kept, offered) for kept, offered in merged.lost)
        self.overwritten += (replace(one, kept=_flat(one.kept), offered=_flat(one.offered)) for one in lost)

    def _say(self, row: Row, text: str) -> None:
        if row.gone or row.text != text:
            self._rows.put(row.saying(words.saying(row.segment, text)))

    # Structure

    def _split(self, asked: operations.Split) -> None:
        known = self._rows.get(asked.new)
        if known is not None and not known.gone:
            return
        row = self._present(asked.id)
        if row is None:
            tail = asked.was[asked.at :].lstrip()
            self._insert(operations.Insert(asked.new, tail, asked.id, asked.speaker))
            return
        row, at = self._cut_place(row, asked)
        left, right = words.split(row.segment, at)
        new = Row(asked.new, right, is_human=True, split_from=row.key, born=self._now, is_reviewed=row.is_reviewed)
        # What was declared right is right in both halves
        self._rows.put(replace(row.saying(left), is_reviewed=row.is_reviewed))
        if known is None:
            self._rows.place(new, row.key)
        else:
            back = replace(known.saying(right), split_from=row.key, returned=self._now, is_reviewed=row.is_reviewed)
            self._rows.put(back)

    def _cut_place(self, row: Row, asked: operations.Split) -> tuple[Row, int]:
        """Return the row of the family in which the cut is, and where."""
        family = self._family(row, asked.was)
        at = texts.moved(asked.was, "\n".join(one.text for one in family), asked.at)
        for one in family[:-1]:
            if at <= len(one.text):
                return one, at
            at -= len(one.text) + 1
        return family[-1], min(at, len(family[-1].text))

    def _merge(self, asked: operations.Merge) -> None:
        row = self._rows.get(asked.id)
        if row is None or row.gone:
            return
        target, between = self._merge_target(asked)
        if target is not None:
            for one in (*between, row):
                is_reviewed = target.is_reviewed and one.is_reviewed
                target = replace(target.saying(words.joined(target.segment, one.segment)), is_reviewed=is_reviewed)
                self._rows.put(replace(one, gone=True, merged_into=target.key))
            self._rows.put(target)

    def _merge_target(self, asked: operations.Merge) -> tuple[Row | None, list[Row]]:
        """Return the row that the author saw before theirs, and what others put between the two in the meantime.

        If that row is not before it any more, return the one that is.
        """
        before = self._rows.before(asked.id)
        known = self._present(asked.into) if asked.into else None
        family = [] if known is None else [known, *self._rows.split_off(known.key, self._seq)]
        wanted = {one.key for one in family}
        between: list[Row] = []
        one = before
        while one is not None and one.key not in wanted and one.born > self._seq:
            between.insert(0, one)
            one = self._rows.before(one.key)
        return (one, between) if one is not None and one.key in wanted else (before, [])

    def _insert(self, asked: operations.Insert) -> None:
        known = self._rows.get(asked.id)
        if known is not None and known.gone:
            self._say(known, asked.text)
            return
        if known is not None:
            # Someone else put it back, with words of their own
            self._merge_text([known], "", asked.text)
            return
        row = Row(asked.id, self._new_segment(asked), is_human=True, born=self._now)
        self._rows.place(row, self._behind(asked.after))

    def _behind(self, key: str | None) -> str | None:
        """Return the row behind which its author meant it: the last of those that others split off the one they saw."""
        row = None if key is None else self._rows.get(key)
        if row is None or row.gone or row.born == self._now:
            return key
        return [row, *self._rows.split_off(row.key, self._seq)][-1].key

    def _new_segment(self, asked: operations.Insert) -> Segment:
        """Return a new segment; without times of its own it is at the end of the one before it."""
        after = self._behind(asked.after)
        before = self._rows.get(after) if after else None
        start_ms = before.segment.end_ms if asked.start_ms is None and before is not None else asked.start_ms
        end_ms = asked.end_ms if asked.end_ms is not None else start_ms
        if start_ms is not None and end_ms is not None:
            end_ms = max(start_ms, end_ms)
        empty = Segment("", start_ms, end_ms, asked.speaker or None)
        return words.saying(empty, asked.text)

    def _remove(self, asked: operations.Remove) -> None:
        row = self._rows.get(asked.id)
        if row is not None and not row.gone and row.text == asked.was:
            self._rows.put(replace(row, gone=True, merged_into=""))

    # Speakers and times

    def _set_speaker(self, asked: operations.SetSpeaker) -> None:
        for key in asked.ids:
            row = self._present(key)
            if row is not None:
                self._rows.put(replace(row, segment=replace(row.segment, speaker=asked.speaker or None)))

    def _set_times(self, asked: operations.SetTimes) -> None:
        row = self._present(asked.id)
        if row is not None:
            self._rows.put(replace(row, segment=words.timed(row.segment, asked.start_ms, asked.end_ms)))

    def _move_boundary(self, asked: operations.MoveBoundary) -> None:
        row = self._present(asked.id)
        before = self._rows.before(row.key) if row is not None else None
        if row is None:
            return
        least = (before and before.segment.start_ms) or 0
        most = asked.ms if row.segment.end_ms is None else row.segment.end_ms
        ms = min(max(asked.ms, least), most)
        self._rows.put(replace(row, segment=words.timed(row.segment, ms, most)))
        if before is not None:
            self._rows.put(replace(before, segment=words.timed(before.segment, least, ms)))

    # Doubts

    def _accept(self, asked: operations.Accept) -> None:
        row = self._present(asked.id)
        if row is None:
            return
        is_as_seen = all(row.text.startswith(text, at) for at, text in asked.words)
        family = [row] if is_as_seen else [row, *self._rows.split_off(row.key, self._seq)]
        for at, text in asked.words:
            self._accept_word([self._rows.get(one.key) or one for one in family], text, at)

    def _accept_word(self, family: Sequence[Row], text: str, at: int) -> None:
        begin = words.nearest("\n".join(row.text for row in family), text, at)
        if begin is None:
            return
        for row in family:
            if begin <= len(row.text):
                self._rows.put(replace(row, segment=words.accepted(row.segment, begin, begin + len(text))))
                return
            begin -= len(row.text) + 1

    # Review

    def _tick(self, asked: operations.Tick) -> None:
        for key, was in zip_longest(asked.ids, asked.texts or ()):
            for row in self._declared(key, was) if asked.on else [self._present(key)]:
                if row is not None:
                    self._rows.put(replace(row, is_reviewed=asked.on))

    def _declared(self, key: str, was: str | None) -> list[Row]:
        """Return the row, or the rows it was split into, if they still say what their reader declared right."""
        row = self._rows.get(key)
        if row is None or row.gone:
            return []
        family = [row] if was is None else self._family(row, was)
        return family if was is None or _bare("".join(one.text for one in family)) == _bare(was) else []


def _bare(text: str) -> str:
    """Return a text without blanks: a cut takes some away."""
    return "".join(text.split())


def _flat(text: str) -> str:
    return text.replace("\n", " ").strip()
