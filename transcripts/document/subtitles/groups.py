"""Which words of a segment are shown together: as many as two lines hold, cut at sense and at pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document.subtitles import sense
from transcripts.document.subtitles.lines import lines_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcripts.document.merging.overlaps import Overlaps
    from transcripts.document.subtitles.profiles import Measure, Profile
    from transcripts.document.tokens import Token

DASH = "- "
# A pause this long begins a new cue, so that no text is shown over silence.
PAUSE_MS = 800


class Grouping:
    """Cut the tokens of one segment into groups, each of which is a cue."""

    def __init__(self, profile: Profile, measure: Measure, overlaps: Overlaps, language: str | None) -> None:
        self._profile, self._measure, self._overlaps, self._language = profile, measure, overlaps, language

    def groups(self, spoken: Sequence[Token]) -> Iterator[list[Token]]:
        """Yield the groups in order; each token is in exactly one."""
        group: list[Token] = []
        for token in spoken:
            while group and self._is_full(group, token):
                kept = len(group) if self._is_complete(group, token) else self._best_cut(group, token)
                yield group[:kept]
                group = group[kept:]
            group.append(token)
        if group:
            yield group

    def _is_full(self, group: list[Token], token: Token) -> bool:
        return self._is_complete(group, token) or self._is_long(group, token) or not self._fits([*group, token])

    def _is_long(self, group: list[Token], token: Token) -> bool:
        longest, start_ms = self._profile.longest_ms, group[0].start_ms
        return token.end_ms - start_ms > longest and token.start_ms - start_ms > longest // 2

    def _fits(self, group: list[Token]) -> bool:
        """Whether one cue can hold these tokens; beside another speaker it has one line."""
        length = self._measure.length(text_of(group))
        if length <= self._measure.line - len(DASH):
            return True
        return not self._is_beside(group) and (
            length <= self._measure.line
            or lines_of(group, self._measure, self._profile.lines, self._language) is not None
        )

    def _is_beside(self, group: list[Token]) -> bool:
        return any(self._overlaps.touch(token.start_ms, token.end_ms) for token in group)

    def _is_complete(self, group: list[Token], token: Token) -> bool:
        """Whether speech itself ends the cue before this token: with a pause, or a sentence that fills a line."""
        if token.start_ms - group[-1].end_ms >= PAUSE_MS:
            return True
        text = text_of(group)
        return self._measure.length(text) >= self._measure.line and sense.SENTENCE_END.search(text) is not None

    def _best_cut(self, group: list[Token], token: Token) -> int:
        """How many tokens the cue keeps; the rest begins the next one, if a cut there makes more sense.

        A cut is at least two thirds into the group, and leaves both parts their shortest time.
        """
        whole = text_of(group)
        best, kept = sense.worth(whole, token.text, self._language), len(group)
        for place in range(len(group) - 1, 0, -1):
            left = text_of(group[:place])
            if len(left) * 3 < len(whole) * 2:
                break
            if not self._has_time(group, place, token):
                continue
            worth = sense.worth(left, group[place].text, self._language)
            if worth - (len(whole) - len(left)) // 4 > best:
                best, kept = worth - (len(whole) - len(left)) // 4, place
        return kept

    def _has_time(self, group: list[Token], place: int, token: Token) -> bool:
        needed = self._profile.shortest_ms + self._profile.gap_ms
        cut_ms = group[place].start_ms
        return cut_ms - group[0].start_ms >= needed and token.end_ms - cut_ms >= needed
