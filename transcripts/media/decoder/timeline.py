"""Place decoded audio by its presentation time, which is the clock that players show.

Timestamps are followed if they can be true: a late start and a gap become silence. If they can't, no audio is
lost to them: a clock that slips for a moment is ignored, one that starts again continues where it was, and a jump past
all that the file claims, or far longer than its audio, is closed up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Sound = TypeVar("Sound")

# Containers round their times; less than this is no gap, and can't be noticed beside a picture.
SLACK_S = 0.04
# Further back than this, the clock has started again, as in files that were joined byte by byte.
RESTART_S = 0.5
# A jump ahead by more, like one back, must be confirmed by the pieces that follow it, so many in all.
JUMP_S, CONFIRMED_BY = 2.0, 3
# Silence in a recording that holds little audio; beyond it, so many times as long as the audio.
FREE_SILENCE_S, SILENCE_TIMES = 3600.0, 10


@dataclass(frozen=True, slots=True)
class Piece(Generic[Sound]):
    """A stretch of decoded audio, when it begins, and the seconds of silence before it."""

    sound: Sound
    at_s: float
    gap_s: float


class Timeline(Generic[Sound]):
    """Turn timestamped audio into an unbroken sequence that begins at zero and is at most `limit_s` long in its gaps.

    Times are seconds: `position_s` is the end of what was placed, `silence_s` the silence in it, `closed_s` how much
    was left out of it, and `restarts` how often the file's clock was not followed. Audio that is behind its time by a
    little is caught up with if `is_quiet`, so that no word is cut.
    """

    def __init__(self, limit_s: float, is_quiet: Callable[[Sound], bool]) -> None:
        self.limit_s, self.is_quiet = limit_s, is_quiet
        self.position_s = 0.0
        self.restarts = 0
        self.silence_s = self.closed_s = 0.0
        self._shift_s = 0.0
        self._held: list[tuple[Sound, float, float]] = []

    def begin_part(self) -> None:
        """Count the times that follow from the present end; they are of another stream, joined to this one."""
        self._shift_s = self.position_s

    def place(self, sound: Sound, at_s: float | None, length_s: float) -> list[Piece[Sound]]:
        """Take the next audio with its time, None if it has none; return what can be placed now."""
        if self._held:
            return self._confirm(sound, at_s, length_s)
        ahead_s = 0.0 if at_s is None else at_s + self._shift_s - self.position_s
        if at_s is not None and not -RESTART_S < ahead_s < JUMP_S:
            self._held = [(sound, at_s, length_s)]
            return []
        return self._put(sound, ahead_s, length_s)

    def finish(self) -> list[Piece[Sound]]:
        """Return what was still held back."""
        held, self._held = self._held, []
        return self._put_timed(held)

    def _confirm(self, sound: Sound, at_s: float | None, length_s: float) -> list[Piece[Sound]]:
        """Follow a jump once enough audio continues from it; else take it for a slip of the clock."""
        expected_s = self._held[-1][1] + self._held[-1][2]
        if at_s is not None and abs(at_s - expected_s) > 2 * SLACK_S:
            slipped, self._held = self._held, []
            placed = [piece for held, _, length in slipped for piece in self._put(held, 0.0, length)]
            return placed + self.place(sound, at_s, length_s)
        self._held.append((sound, expected_s if at_s is None else at_s, length_s))
        return self.finish() if len(self._held) >= CONFIRMED_BY else []

    def _put_timed(self, held: list[tuple[Sound, float, float]]) -> list[Piece[Sound]]:
        return [
            piece
            for sound, at_s, length_s in held
            for piece in self._put(sound, at_s + self._shift_s - self.position_s, length_s)
        ]

    def _put(self, sound: Sound, ahead_s: float, length_s: float) -> list[Piece[Sound]]:
        gap_s = 0.0
        if ahead_s <= -RESTART_S:
            self._shift_s -= ahead_s
            self.restarts += 1
        elif ahead_s < -SLACK_S and self.is_quiet(sound):
            return []
        elif ahead_s > SLACK_S:
            gap_s = self._bounded(ahead_s, length_s)
        at_s = self.position_s + gap_s
        self.position_s = at_s + length_s
        return [Piece(sound, at_s, gap_s)]

    def _bounded(self, ahead_s: float, length_s: float) -> float:
        most_s = FREE_SILENCE_S + SILENCE_TIMES * (self.position_s - self.silence_s)
        if self.position_s + ahead_s + length_s <= self.limit_s and self.silence_s + ahead_s <= most_s:
            self.silence_s += ahead_s
            return ahead_s
        self._shift_s -= ahead_s
        self.closed_s += ahead_s
        self.restarts += 1
        return 0.0
