"""Subtitles: a transcript cut into cues that can be read.

The measures are those of the BBC Subtitle Guidelines and Netflix's Timed Text Style Guide: two lines of 42
characters, seven seconds at the most. Every word of the segments is in exactly one cue.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.merging.overlaps import Overlaps
from transcripts.document.plain import one_line
from transcripts.document.timing import timed
from transcripts.document.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transcripts.document.values import Segment

LINE = 42
DASH = "- "
MOST_MS = 7_000
# A pause this long begins a new cue, so that no text is shown over silence.
PAUSE_MS = 800
# A cue is shown for so long while nothing follows, and for so long at least if there is room.
LEAST_MS = 1_000
SHORTEST_MS = 500
# After this many characters the end of a sentence ends the cue as well.
ENOUGH = LINE
# Two who begin further apart than this are not shown together.
MOST_APART_MS = MOST_MS // 2
SENTENCE_END = re.compile(r"[.!?…。!?؟।]['\"”’»)]*\s*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: at most two lines, shown from `start_ms` to `end_ms`.

    `speakers` holds the label or None of who says it all, or of each line if two speak at the same
    time; `languages` the tag or None of each in the same way.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speakers: tuple[str | None, ...]
    languages: tuple[str | None, ...]

    @property
    def speaker(self) -> str | None:
        """Who speaks, or speaks first."""
        return self.speakers[0]

    @property
    def is_dialogue(self) -> bool:
        """Whether each line is another speaker's."""
        return len(self.speakers) > 1


@dataclass(slots=True)
class _Rough:
    """Words that are shown together, before cues are kept from overlapping."""

    tokens: list[Token]
    speaker: str | None
    language: str | None
    end_ms: int = 0
    beside: _Rough | None = field(default=None)

    @property
    def start_ms(self) -> int:
        return self.tokens[0].start_ms

    @property
    def text(self) -> str:
        return _text(self.tokens)

    @property
    def is_one_line(self) -> bool:
        return self.beside is None and len(self.text) <= LINE - len(DASH)


def cues(segments: Iterable[Segment], duration_ms: int | None = None) -> list[Cue]:
    """Cut the segments into cues in the order of time, none overlapping the next, all within the recording.

    Segments without times share the gap between their neighbours.
    """
    placed = timed([replace(segment, text=one_line(segment.text)) for segment in segments], duration_ms).segments
    overlaps = Overlaps(placed)
    together = list(_together(_in_order(placed, overlaps)))
    starts = _starts([cue.start_ms for cue in together], duration_ms)
    untils = [*starts, duration_ms][1:]
    return [_cue(cue, start_ms, until) for cue, start_ms, until in zip(together, starts, untils, strict=True)]


def _in_order(segments: Sequence[Segment], overlaps: Overlaps) -> list[_Rough]:
    """Sort by time what different speakers say; what one says stays in the order of the segments."""
    reached: dict[str | None, int] = {}
    keyed: list[tuple[int, _Rough]] = []
    for segment in segments:
        at = max(segment.start_ms or 0, reached.get(segment.speaker, 0))
        for place, cue in enumerate(_of_segment(segment, overlaps)):
            at = max(at, cue.start_ms) if place else at
            keyed.append((at, cue))
        reached[segment.speaker] = at
    return [cue for _, cue in sorted(keyed, key=lambda pair: pair[0])]


def _cue(rough: _Rough, start_ms: int, until_ms: int | None) -> Cue:
    end_ms = min(max(rough.end_ms, start_ms + LEAST_MS), start_ms + MOST_MS)
    if until_ms is not None:
        end_ms = max(min(end_ms, until_ms), start_ms + 1)
    if rough.beside is None:
        lines = tuple(_lines(rough.tokens) or [rough.text])
        return Cue(start_ms, end_ms, lines, (rough.speaker,), (rough.language,))
    both = (rough, rough.beside)
    texts, speakers = tuple(one.text for one in both), tuple(one.speaker for one in both)
    return Cue(start_ms, end_ms, texts, speakers, tuple(one.language for one in both))


# What is shown together


def _of_segment(segment: Segment, overlaps: Overlaps) -> Iterator[_Rough]:
    for group in _groups(tokens(segment, LINE), overlaps):
        if _text(group):
            yield _Rough(group, segment.speaker, segment.language, max(token.end_ms for token in group))


def _groups(spoken: Iterable[Token], overlaps: Overlaps) -> Iterator[list[Token]]:
    group: list[Token] = []
    is_beside = False
    for token in spoken:
        is_now = overlaps.touch(token.start_ms, token.end_ms)
        if group and _ends_before(group, token, is_beside=is_now or is_beside):
            yield group
            group, is_beside = [], False
        group.append(token)
        is_beside = is_beside or is_now
    if group:
        yield group


def _ends_before(group: list[Token], token: Token, *, is_beside: bool) -> bool:
    """Whether the cue of these tokens is complete before this one; beside another speaker it has one line."""
    text = "".join([member.text for member in group])
    start_ms, length = group[0].start_ms, len((text + token.text).rstrip())
    return (
        length > (LINE - len(DASH) if is_beside else 2 * LINE + 1)
        or (length > LINE and _lines([*group, token]) is None)
        or (token.end_ms - start_ms > MOST_MS and token.start_ms - start_ms > MOST_MS // 2)
        or token.start_ms - group[-1].end_ms >= PAUSE_MS
        or (len(text) >= ENOUGH and SENTENCE_END.search(text) is not None)
    )


def _together(rough: Iterable[_Rough]) -> Iterator[_Rough]:
    """Pair what two say at the same time, and join what is too short to be read alone."""
    held: _Rough | None = None
    for cue in rough:
        if held is not None and _are_at_once(held, cue):
            held = replace(held, beside=cue, end_ms=max(held.end_ms, cue.end_ms))
        elif held is not None and _are_one(held, cue):
            held = replace(held, tokens=_joined(held.tokens, cue.tokens), end_ms=max(held.end_ms, cue.end_ms))
        else:
            if held is not None:
                yield held
            held = cue
    if held is not None:
        yield held


def _are_at_once(one: _Rough, other: _Rough) -> bool:
    if one.speaker == other.speaker or not one.is_one_line or not other.is_one_line:
        return False
    apart_ms = other.start_ms - one.start_ms
    return apart_ms < SHORTEST_MS or (other.start_ms < one.end_ms and apart_ms <= MOST_APART_MS)


def _are_one(one: _Rough, other: _Rough) -> bool:
    if (one.speaker, one.language) != (other.speaker, other.language) or one.beside is not None:
        return False
    if other.start_ms - one.start_ms >= SHORTEST_MS:
        return False
    return _lines(_joined(one.tokens, other.tokens)) is not None


def _joined(tokens: Sequence[Token], more: Sequence[Token]) -> list[Token]:
    last = tokens[-1]
    text = last.text.rstrip()
    return [*tokens[:-1], replace(last, text=text + scripts.space_between(text, more[0].text)), *more]


# Times


def _starts(wished: Sequence[int], duration_ms: int | None) -> list[int]:
    """Let each cue begin when it is spoken, or as soon after as the one before it can be read."""
    shortest = SHORTEST_MS
    if duration_ms is not None and wished:
        shortest = max(1, min(shortest, duration_ms // len(wished)))
    starts: list[int] = []
    for wish in wished:
        starts.append(max(wish, starts[-1] + shortest) if starts else wish)
    latest = None if duration_ms is None else max(duration_ms, len(wished)) - shortest
    for place in range(len(starts) - 1, -1, -1):
        if latest is None or starts[place] <= latest:
            break
        starts[place] = max(latest, 0)
        latest -= shortest
    return starts


# Lines


def _text(group: Sequence[Token]) -> str:
    return "".join([token.text for token in group]).strip()


def _lines(group: Sequence[Token]) -> list[str] | None:
    """Break into at most two lines of about equal length; None if two cannot hold it."""
    text = _text(group)
    if len(text) <= LINE:
        return [text]
    if len(text) > 2 * LINE + 1:
        return None
    places = itertools.accumulate(len(token.text) for token in group[:-1])
    return _broken(text, places) or _broken(text, [begin for begin, _ in scripts.atoms(text)])


def _broken(text: str, places: Iterable[int]) -> list[str] | None:
    halves = ((text[:place].rstrip(), text[place:].lstrip()) for place in places if 0 < place < len(text))
    fitting = [pair for pair in halves if max(map(len, pair)) <= LINE]
    return [*min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1])))] if fitting else None
