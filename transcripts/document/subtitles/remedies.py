"""What can be done about a cue: more time at the cost of the next one, or two cues in place of it."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.subtitles import sense
from transcripts.document.subtitles.faults import reading_ms
from transcripts.document.subtitles.places import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcripts.document.subtitles.cues import Cue
    from transcripts.document.subtitles.places import Part
    from transcripts.document.subtitles.profiles import Profile

# Viewers notice text that is later than its speech by more.
LATEST_MS = 1_000


@dataclass(frozen=True, slots=True)
class Extension:
    """The time that a cue can be given if the next one, which begins with `part`, is shown later than at `from_ms`."""

    part: Part
    from_ms: int
    room_ms: int


@dataclass(frozen=True, slots=True)
class Division:
    """The letter of a segment before which a cue is divided."""

    index: int
    letter: int


def extension(cues: Sequence[Cue], index: int, profile: Profile, duration_ms: int | None) -> Extension | None:
    """Return how much time a cue can be given; None if none is free.

    Cues already last as long as they take to read, if the next one lets them. So more time is taken from what the next
    one has beyond its own need.
    """
    if index + 1 >= len(cues):
        return None
    cue, following = cues[index], cues[index + 1]
    if not _are_neighbours(cue, following):
        return None
    latest_end = cues[index + 2].start_ms - profile.gap_ms if index + 2 < len(cues) else duration_ms
    needed_ms = max(profile.shortest_ms, math.ceil(reading_ms(following, profile)))
    part = following.parts[0]
    room_ms = min(
        (following.end_ms if latest_end is None else latest_end) - needed_ms - following.start_ms,
        part.tokens[-1].end_ms - following.start_ms,
        profile.longest_ms - (cue.end_ms - cue.start_ms),
        LATEST_MS,
    )
    return Extension(part, following.start_ms, room_ms) if room_ms > 0 else None


def _are_neighbours(cue: Cue, following: Cue) -> bool:
    """Tell whether the second cue begins in the text where the first one ends."""
    if not cue.parts or not following.parts or cue.is_dialogue or following.is_dialogue:
        return False
    last, first = cue.parts[-1], following.parts[0]
    return (first.index, first.begin) in ((last.index, last.end), (last.index + 1, 0))


def division(cue: Cue, profile: Profile) -> Division | None:
    """Return where a cue is divided with most sense, so that both halves can be read; None if it is too short."""
    if cue.is_dialogue or cue.end_ms - cue.start_ms < 2 * profile.shortest_ms + profile.gap_ms:
        return None
    best: tuple[float, Division] | None = None
    whole = sum(part.end - part.begin for part in cue.parts)
    before = 0
    for part in cue.parts:
        shown = 0
        for token, following in itertools.pairwise(part.tokens):
            shown += letters(token.text)
            if not _leaves_time(cue, following.start_ms, profile):
                continue
            score = sense.worth(token.text, following.text, cue.languages[0]) - abs(whole - 2 * (before + shown))
            if best is None or score > best[0]:
                best = score, Division(part.index, part.begin + shown)
        before += part.end - part.begin
    return best[1] if best else None


def _leaves_time(cue: Cue, ms: int, profile: Profile) -> bool:
    is_first_readable = ms - cue.start_ms >= profile.shortest_ms + profile.gap_ms
    return is_first_readable and cue.end_ms - ms >= profile.shortest_ms
