"""Two states of a stretch of text compared word by word, through segments that were split, merged, added and removed.

The words of all segments are compared as one sequence in which the end of a segment is a word of its own: so the words
of a segment that was split are the same as before, and what was added is the end between them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts.document import diff, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What is shown for the end of a segment that was added or removed.
SEGMENT_END = "¶"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A segment in one of the two states."""

    key: str
    text: str
    speaker: str = ""
    start_ms: int | None = None


@dataclass(slots=True)
class Piece:
    """Words that are in both states (`equal`), in the newer alone (`insert`), or in the older alone (`delete`).

    `begins` marks the first piece of each change.
    """

    tag: str
    text: str
    begins: bool = False

    @property
    def words(self) -> str:
        """The words without the blank behind them, which is no part of a change."""
        return self.text.rstrip()

    @property
    def blank(self) -> str:
        """The blank behind the words."""
        return self.text[len(self.words) :]


@dataclass(slots=True)
class Block:
    """What became of a segment, or of several that were merged; `old` and `new` are None if a state has none there."""

    pieces: list[Piece] = field(default_factory=list)
    old: Paragraph | None = None
    new: Paragraph | None = None

    @property
    def has_other_speaker(self) -> bool:
        """Whether someone else speaks in the newer state."""
        return self.old is not None and self.new is not None and self.old.speaker != self.new.speaker

    @property
    def shown(self) -> Paragraph | None:
        """The segment as it is, or was if it is no more."""
        return self.new or self.old

    @property
    def changes(self) -> int:
        """How many stretches of words changed, and the speaker."""
        return sum(piece.begins for piece in self.pieces) + self.has_other_speaker


@dataclass(frozen=True, slots=True)
class _Token:
    """A word and the blank that follows it; an empty `word` is the end of its segment."""

    word: str
    text: str
    owner: Paragraph


@dataclass(frozen=True, slots=True)
class _Step:
    """A token of both states, or of one of them."""

    tag: str
    old: _Token | None
    new: _Token | None

    @property
    def token(self) -> _Token:
        """The token as it is in the newer state, if it is there."""
        return self.new or self.old or _NOTHING

    @property
    def is_end(self) -> bool:
        """Whether this is the end of a segment."""
        return not self.token.word


_NOTHING = _Token("", "", Paragraph("", ""))


def compare(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Block]:
    """Return how the text of some segments became that of others, in blocks that end where a segment ends in either."""
    before = [token for paragraph in old for token in _tokens(paragraph)]
    after = [token for paragraph in new for token in _tokens(paragraph)]
    blocks = _Blocks()
    for step in _whole_segments(_steps(before, after)):
        blocks.add(step)
    return blocks.finished()


def _steps(before: Sequence[_Token], after: Sequence[_Token]) -> list[_Step]:
    """Return how the tokens of one state become those of the other, one by one."""
    steps: list[_Step] = []
    for change in diff.changes([token.word for token in before], [token.word for token in after]):
        gone, come = before[change.first : change.last], after[change.begin : change.end]
        if change.tag == "equal":
            steps += [_Step("equal", was, now) for was, now in zip(gone, come, strict=True)]
        else:
            steps += [_Step("delete", was, None) for was in gone] + [_Step("insert", None, now) for now in come]
    return steps


def _whole_segments(steps: list[_Step]) -> list[_Step]:
    """Let what was added or removed between two ends of segments end with an end, instead of beginning with one."""
    begin = 0
    for tag, run in itertools.groupby(list(steps), key=lambda step: step.tag):
        end = begin + len(list(run))
        follows = steps[end] if end < len(steps) else None
        if tag != "equal" and steps[begin].is_end and follows is not None and follows.tag == "equal" and follows.is_end:
            first = steps[begin]
            steps[begin] = _Step("equal", first.old or follows.old, first.new or follows.new)
            moved = _Step(tag, follows.old if tag == "delete" else None, follows.new if tag == "insert" else None)
            steps[begin + 1 : end + 1] = [*steps[begin + 1 : end], moved]
        begin = end
    return steps


def _tokens(paragraph: Paragraph) -> Iterator[_Token]:
    spans = scripts.atoms(paragraph.text)
    for place, (begin, end) in enumerate(spans):
        until = spans[place + 1][0] if place + 1 < len(spans) else end
        yield _Token(paragraph.text[begin:end], paragraph.text[begin:until], paragraph)
    yield _Token("", SEGMENT_END, paragraph)


class _Blocks:
    """Blocks in the making."""

    def __init__(self) -> None:
        self._done: list[Block] = []
        self._block = Block()

    def add(self, step: _Step) -> None:
        block, token = self._block, step.token
        block.old = block.old or (step.old.owner if step.old else None)
        block.new = block.new or (step.new.owner if step.new else None)
        if not step.is_end:
            self._write(step.tag, token.text)
            return
        # The end of a segment that is new as a whole says nothing
        if step.tag != "equal" and any(piece.tag != step.tag for piece in block.pieces):
            self._write(step.tag, token.text)
        self._close()

    def finished(self) -> list[Block]:
        self._close()
        return self._done

    def _write(self, tag: str, text: str) -> None:
        last = self._block.pieces[-1] if self._block.pieces else None
        if last is not None and last.tag == tag:
            last.text += text
            return
        begins = tag != "equal" and (last is None or last.tag == "equal")
        self._block.pieces.append(Piece(tag, text, begins))

    def _close(self) -> None:
        if self._block.pieces:
            self._done.append(self._block)
        self._block = Block()
