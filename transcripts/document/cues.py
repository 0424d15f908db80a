"""Subtitles: a transcript cut into cues that can be read.

The measures are those of the BBC Subtitle Guidelines and Netflix's Timed Text Style Guide: two lines of 42
characters, seven seconds at the most.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from transcripts.document.values import Segment

LINE = 42
MOST_CHARACTERS = 2 * LINE
MOST_MS = 7_000
# A pause this long begins a new cue, so that no text stands over silence.
PAUSE_MS = 800
# Shorter than this nobody can read it: a cue is held on while nothing follows.
LEAST_MS = 1_000
# After this many characters the end of a sentence ends the cue as well.
ENOUGH = LINE
SENTENCE_END = re.compile(r"[.!?…。!?؟।]['\"”’»)]*\s*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: at most two lines, shown from `start_ms` to `end_ms`. `speaker` is a label or None."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str | None


def cues(segments: Iterable[Segment]) -> list[Cue]:
    """Cut the timed segments into cues in the order of time, none overlapping the next."""
    rough = [cue for segment in segments for cue in _of_segment(segment)]
    held: list[Cue] = []
    for index, cue in enumerate(rough):
        following = rough[index + 1].start_ms if index + 1 < len(rough) else cue.end_ms + LEAST_MS
        end = max(cue.end_ms, cue.start_ms + LEAST_MS)
        end = min(end, following) if following > cue.start_ms else cue.end_ms
        held.append(Cue(cue.start_ms, max(end, cue.start_ms + 1), cue.lines, cue.speaker))
    return held


def _of_segment(segment: Segment) -> Iterator[Cue]:
    for group in _groups(tokens(segment)):
        text = "".join(token.text for token in group).strip()
        if text:
            yield Cue(group[0].start_ms, group[-1].end_ms, tuple(_lines(text)), segment.speaker)


def _groups(spoken: Iterable[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in spoken:
        if group and _ends_before(group, token):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _ends_before(group: list[Token], token: Token) -> bool:
    """Whether the cue of these tokens is complete before this one."""
    text = "".join(member.text for member in group)
    return (
        len((text + token.text).rstrip()) > MOST_CHARACTERS
        or token.end_ms - group[0].start_ms > MOST_MS
        or token.start_ms - group[-1].end_ms >= PAUSE_MS
        or (len(text) >= ENOUGH and SENTENCE_END.search(text) is not None)
    )


def _lines(text: str) -> list[str]:
    """Break into lines of about equal length, which are read faster than a long one over a short one."""
    text = " ".join(text.split())
    if len(text) <= LINE:
        return [text]
    balanced = textwrap.wrap(text, max(len(text) // 2 + 6, 1), break_on_hyphens=False)
    lines = balanced if len(balanced) <= 2 and max(map(len, balanced)) <= LINE else textwrap.wrap(text, LINE)
    return lines or [text]
