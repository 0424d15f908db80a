"""Which words of a segment are shown together: as many as two lines hold, cut at sense and at pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document.subtitles import sense

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.merging.overlaps import Overlaps
    from transcripts.document.subtitles.profiles import Measure, Profile
    from transcripts.document.tokens import Token
    from transcripts.document.values import Segment

DASH = "- "
# A pause this long begins a new cue, so that no text is shown over silence.
PAUSE_MS = 800


class Room:
    """How much room the lines of one cue have left; `take` fills one line after the other."""

    def __init__(self, measure: Measure, lines: int) -> None:
        self._line, self._lines = measure.line, lines
        self._length_of = measure.length
        self._started = 1
        self._length = self._space = 0.0
        self._is_beside = False

    @property
    def is_first_line_full(self) -> bool:
        """Whether the end of a sentence is enough to end the cue."""
        return self._started > 1 or self._length >= self._line

    def take(self, text: str, *, is_beside: bool) -> bool:
        """Place one more word; False, and nothing is changed, if there is no room for it."""
        bare = self._length_of(text.rstrip())
        length = self._length + self._space + bare
        beside = is_beside or self._is_beside
        most = self._line - len(DASH) if beside else self._line
        if beside and self._started > 1:
            return False
        if length > most and self._length:
            if beside or self._started == self._lines:
                return False
            self._started += 1
            length = bare
        self._length, self._space = length, self._length_of(text) - bare
        self._is_beside = beside
        return True


class Grouping:
    """Cut the tokens of one segment into groups, each of which is a cue."""

    def __init__(self, segment: Segment, profile: Profile, measure: Measure, overlaps: Overlaps) -> None:
        self._profile, self._measure, self._language = profile, measure, segment.language
        touches = overlaps.touch(segment.start_ms or 0, segment.end_ms or 0)
        self._overlaps = overlaps if touches else None

    def groups(self, spoken: Sequence[Token]) -> Iterator[list[Token]]:
        """Yield the groups in order; each token is in exactly one."""
        group: list[Token] = []
        room = self._room()
        for token in spoken:
            while group:
                if self._is_complete(group, token, room):
                    kept = len(group)
                elif self._is_long(group, token) or not self._take(room, token):
                    kept = self._best_cut(group, token)
                else:
                    break
                yield group[:kept]
                group = group[kept:]
                room = self._room(group)
            if not group:
                self._take(room, token)
            group.append(token)
        if group:
            yield group

    def _room(self, taken: Sequence[Token] = ()) -> Room:
        room = Room(self._measure, self._profile.lines)
        for token in taken:
            self._take(room, token)
        return room

    def _take(self, room: Room, token: Token) -> bool:
        is_beside = self._overlaps is not None and self._overlaps.touch(token.start_ms, token.end_ms)
        return room.take(token.text, is_beside=is_beside)

    def _is_complete(self, group: list[Token], token: Token, room: Room) -> bool:
        """Whether speech itself ends the cue before this token: with a pause, or a sentence that fills a line."""
        last = group[-1]
        if token.start_ms - last.end_ms >= PAUSE_MS:
            return True
        return room.is_first_line_full and sense.ends_sentence(last.text)

    def _is_long(self, group: list[Token], token: Token) -> bool:
        longest, start_ms = self._profile.longest_ms, group[0].start_ms
        return token.end_ms - start_ms > longest and token.start_ms - start_ms > longest // 2

    def _best_cut(self, group: list[Token], token: Token) -> int:
        """How many tokens the cue keeps; the rest begins the next one, if a cut there makes more sense.

        A cut is at least two thirds into the group, and leaves both parts their shortest time.
        """
        whole = sum([len(member.text) for member in group])
        best, kept, left = sense.worth(group[-1].text, token.text, self._language), len(group), whole
        for place in range(len(group) - 1, 0, -1):
            left -= len(group[place].text)
            if left * 3 < whole * 2:
                break
            if self._has_time(group, place, token):
                worth = sense.worth(group[place - 1].text, group[place].text, self._language) - (whole - left) // 4
                if worth > best:
                    best, kept = worth, place
        return kept

    def _has_time(self, group: list[Token], place: int, token: Token) -> bool:
        needed = self._profile.shortest_ms + self._profile.gap_ms
        cut_ms = group[place].start_ms
        return cut_ms - group[0].start_ms >= needed and token.end_ms - cut_ms >= needed
