"""The options that subtitles have in every format: a profile, or limits of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.document.subtitles import PROFILES, Cue, Profile, cues
from transcripts.document.subtitles.profiles import own
from transcripts.formats.options import choice, number

if TYPE_CHECKING:
    from transcripts.formats.script import Script

CHOICES = {
    "netflix": "Netflix: 42 characters, 20 a second",
    "bbc": "BBC: 37 characters, 17 a second",
    "ted": "TED: 42 characters, 21 a second",
    "own": "Custom",
}
OWN = ("profile", "own")


@dataclass(frozen=True, slots=True)
class SubtitleOptions:
    """Whose limits the subtitles keep. The numbers count only for a custom profile."""

    profile: str = choice("Subtitle profile", CHOICES, "netflix")
    line: int = number("Characters a line", 42, least=16, most=80, only_if=OWN)
    lines: int = number("Lines", 2, least=1, most=2, only_if=OWN)
    speed: int = number("Characters a second", 17, least=4, most=40, only_if=OWN)
    shortest_ms: int = number("Shortest time (ms)", 1_000, least=200, most=3_000, only_if=OWN)
    longest_ms: int = number("Longest time (ms)", 7_000, least=3_000, most=20_000, only_if=OWN)
    gap_ms: int = number("Gap (ms)", 80, least=0, most=1_000, only_if=OWN)

    @property
    def limits(self) -> Profile:
        """The chosen profile."""
        if self.profile != "own":
            return PROFILES[self.profile]
        return own(
            line=self.line,
            lines=self.lines,
            speed=self.speed,
            shortest_ms=self.shortest_ms,
            longest_ms=self.longest_ms,
            gap_ms=self.gap_ms,
        )

    def cues(self, script: Script) -> list[Cue]:
        """Return the cues as every format has them, and as the page shows them."""
        return cues(script.segments, script.duration_ms, self.limits)
