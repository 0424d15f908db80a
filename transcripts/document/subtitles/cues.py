"""A transcript cut into cues that can be read, within the limits of a profile.

Every word of the segments is in exactly one cue.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from transcripts.document import scripts
from transcripts.document.merging.overlaps import Overlaps
from transcripts.document.subtitles.groups import DASH, Grouping
from transcripts.document.subtitles.lines import lines_of, text_of
from transcripts.document.subtitles.places import Part, letters, numbered
from transcripts.document.subtitles.profiles import NETFLIX
from transcripts.document.timing import timed
from transcripts.document.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from transcripts.document.subtitles.profiles import Measure, Profile
    from transcripts.document.tokens import Token
    from transcripts.document.values import Segment


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: at most two lines, shown from `start_ms` to `end_ms`.

    `speakers` holds the label or None of who says it all, or of each line if two speak at the same
    time; `languages` the tag or None of each in the same way. `parts` say which words of which segments it shows.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speakers: tuple[str | None, ...]
    languages: tuple[str | None, ...]
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)

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
    measure: Measure
    end_ms: int = 0
    beside: _Rough | None = field(default=None)
    parts: tuple[Part, ...] = ()

    @property
    def start_ms(self) -> int:
        return self.tokens[0].start_ms

    @property
    def text(self) -> str:
        return text_of(self.tokens)

    @property
    def is_one_line(self) -> bool:
        return self.beside is None and self.measure.length(self.text) <= self.measure.line - len(DASH)

    @property
    def reading_ms(self) -> int:
        """How long it takes to read."""
        own = -int(-1_000 * self.measure.length(self.text) // self.measure.speed)
        return own + (self.beside.reading_ms if self.beside else 0)


def cues(segments: Iterable[Segment], duration_ms: int | None = None, profile: Profile = NETFLIX) -> list[Cue]:
    """Cut the segments into cues in the order of time, none overlapping the next, all within the recording.

    Segments without times share the gap between their neighbours.
    """
    placed = timed(numbered(segments), duration_ms).segments
    together = list(_together(_in_order(placed, profile), profile))
    starts = _starts([cue.start_ms for cue in together], duration_ms, profile)
    untils = [*starts, duration_ms][1:]
    last = len(together) - 1
    return [
        _cue(cue, starts[place], until, profile, gap_ms=profile.gap_ms if place < last else 0)
        for place, (cue, until) in enumerate(zip(together, untils, strict=True))
    ]


def _in_order(segments: Sequence[Segment], profile: Profile) -> list[_Rough]:
    """Sort by time what different speakers say; what one says stays in the order of the segments."""
    overlaps = Overlaps(segments)
    reached: dict[str | None, int] = {}
    keyed: list[tuple[int, _Rough]] = []
    for segment in segments:
        at = max(segment.start_ms or 0, reached.get(segment.speaker, 0))
        for place, cue in enumerate(_of_segment(segment, overlaps, profile)):
            at = max(at, cue.start_ms) if place else at
            keyed.append((at, cue))
        reached[segment.speaker] = at
    return [cue for _, cue in sorted(keyed, key=lambda pair: pair[0])]


def _of_segment(segment: Segment, overlaps: Overlaps, profile: Profile) -> Iterator[_Rough]:
    measure = profile.measure(segment.text, segment.language)
    grouping = Grouping(segment, profile, measure, overlaps)
    shown = 0
    for group in grouping.groups(tokens(segment, measure.line)):
        if text_of(group):
            end_ms = max(token.end_ms for token in group)
            part = Part(getattr(segment, "index", 0), shown, shown + letters(text_of(group)), tuple(group))
            shown = part.end
            yield _Rough(group, segment.speaker, segment.language, measure, end_ms, parts=(part,))


def _cue(rough: _Rough, start_ms: int, until_ms: int | None, profile: Profile, *, gap_ms: int) -> Cue:
    """Show the words while they are spoken and as long as they take to read, if there is room."""
    wished_ms = max(rough.end_ms, start_ms + profile.shortest_ms, start_ms + rough.reading_ms)
    end_ms = min(wished_ms, start_ms + profile.longest_ms)
    if until_ms is not None:
        latest_ms = until_ms - gap_ms if until_ms - gap_ms > start_ms else until_ms
        end_ms = max(min(end_ms, latest_ms), start_ms + 1)
    if rough.beside is None:
        lines = tuple(lines_of(rough.tokens, rough.measure, profile.lines, rough.language) or [rough.text])
        return Cue(start_ms, end_ms, lines, (rough.speaker,), (rough.language,), rough.parts)
    both = (rough, rough.beside)
    texts, speakers = tuple(one.text for one in both), tuple(one.speaker for one in both)
    parts = (*rough.parts, *rough.beside.parts)
    return Cue(start_ms, end_ms, texts, speakers, tuple(one.language for one in both), parts)


# What is shown together


def _together(rough: Iterable[_Rough], profile: Profile) -> Iterator[_Rough]:
    """Pair what two say at the same time, and join what is too short to be read alone."""
    held: _Rough | None = None
    for cue in rough:
        if held is not None and _are_at_once(held, cue, profile):
            held = replace(held, beside=cue, end_ms=max(held.end_ms, cue.end_ms))
        elif held is not None and _are_one(held, cue, profile):
            words, parts = _joined(held.tokens, cue.tokens), (*held.parts, *cue.parts)
            held = replace(held, tokens=words, end_ms=max(held.end_ms, cue.end_ms), parts=parts)
        else:
            if held is not None:
                yield held
            held = cue
    if held is not None:
        yield held


def _are_at_once(one: _Rough, other: _Rough, profile: Profile) -> bool:
    if one.speaker == other.speaker or not one.is_one_line or not other.is_one_line or profile.lines < 2:
        return False
    apart_ms = other.start_ms - one.start_ms
    # Two who begin further apart than half a cue are not shown together.
    return apart_ms < profile.shortest_ms or (other.start_ms < one.end_ms and apart_ms <= profile.longest_ms // 2)


def _are_one(one: _Rough, other: _Rough, profile: Profile) -> bool:
    if (one.speaker, one.language) != (other.speaker, other.language) or one.beside is not None:
        return False
    if other.start_ms - one.start_ms >= profile.shortest_ms + profile.gap_ms:
        return False
    return lines_of(_joined(one.tokens, other.tokens), one.measure, profile.lines, one.language) is not None


def _joined(tokens: Sequence[Token], more: Sequence[Token]) -> list[Token]:
    last = tokens[-1]
    text = last.text.rstrip()
    return [*tokens[:-1], last._replace(text=text + scripts.space_between(text, more[0].text)), *more]


# Times


def _starts(wished: Sequence[int], duration_ms: int | None, profile: Profile) -> list[int]:
    """Let each cue begin when it is spoken, or as soon after as the one before it has had its shortest time."""
    shortest = profile.shortest_ms + profile.gap_ms
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
