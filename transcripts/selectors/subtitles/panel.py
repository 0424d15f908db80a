"""The subtitles of a transcript as the page shows them: cues with their places in the text, faults and remedies."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from transcripts import access
from transcripts.document.subtitles import DASH, FaultKind
from transcripts.document.subtitles.faults import longest_line, reading_speed
from transcripts.document.subtitles.places import Letters, units
from transcripts.document.subtitles.remedies import division, extension
from transcripts.formats.subtitle_options import CHOICES
from transcripts.services.exports.subtitles import accepted_in, subtitles_of

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.document.subtitles import Cue, Fault
    from transcripts.services.exports.subtitles import Subtitles

LABELS = {
    FaultKind.TOO_FAST: "Too fast",
    FaultKind.LINE_TOO_LONG: "Line too long",
    FaultKind.TOO_MANY_LINES: "Too many lines",
    FaultKind.TOO_SHORT: "Too short",
    FaultKind.TOO_LONG: "Too long",
    FaultKind.GAP: "Gap too short",
}


def described(user: User, transcript_id: UUID, profile: str = "") -> dict[str, Any]:
    """Return the subtitles as JSON. Raises access.NotFound, and Refused for an unknown profile.

    Places in the text count UTF-16 units, as browsers do; places of operations count code points, as the editing
    protocol does.
    """
    # The number first: what is changed after it comes through the feed
    transcript = access.get_transcript(user, transcript_id)
    shown = subtitles_of(transcript, profile)
    panel = _Panel(shown)
    accepted = accepted_in(transcript, shown.options.profile)
    return {
        "change": transcript.changes,
        "profile": shown.options.profile,
        "profiles": [{"value": value, "label": label} for value, label in CHOICES.items()],
        "cues": [panel.cue(cue) for cue in shown.cues],
        "faults": [panel.fault(fault, accepted) for fault in shown.faults],
    }


class _Panel:
    def __init__(self, shown: Subtitles) -> None:
        self._shown = shown
        self._limits = shown.options.limits
        self._letters = lru_cache(maxsize=8)(lambda index: Letters(self._text(index)))

    def _text(self, index: int) -> str:
        return self._shown.script.segments[index].text

    def cue(self, cue: Cue) -> dict[str, Any]:
        dash = DASH if cue.is_dialogue else ""
        return {
            "start": cue.start_ms,
            "end": cue.end_ms,
            "lines": [f"{dash}{line}" for line in cue.lines],
            "cps": round(reading_speed(cue, self._limits), 1),
            "longest": longest_line(cue, self._limits),
            "places": [self._place(part.index, part.begin, part.end) for part in cue.parts],
            "split": self._split(cue),
        }

    def _place(self, index: int, begin: int, end: int) -> list[Any]:
        text, letters = self._text(index), self._letters(index)
        places = (letters.begin(begin), letters.end(end))
        return [self._shown.script.keys[index], *(units(text, at) for at in places)]

    def _split(self, cue: Cue) -> list[Any] | None:
        found = division(cue, self._limits)
        if found is None:
            return None
        return [self._shown.script.keys[found.index], self._letters(found.index).begin(found.letter)]

    def fault(self, fault: Fault, accepted: set[tuple[str, str, str]]) -> dict[str, Any]:
        cue = self._shown.cues[fault.index]
        key, digest = self._shown.key_of(cue), self._shown.digest_of(cue)
        return {
            "cue": fault.index,
            "kind": fault.kind,
            "label": LABELS[fault.kind],
            "message": fault.message,
            "more_ms": fault.more_ms if fault.kind in (FaultKind.TOO_FAST, FaultKind.TOO_SHORT) else 0,
            "key": key,
            "digest": digest,
            "accepted": (key, digest, fault.kind) in accepted,
            **self._extension(fault, cue),
        }

    def _extension(self, fault: Fault, cue: Cue) -> dict[str, Any]:
        """Return how much time is free and, if that is enough, where the next cue begins and when it would."""
        found = extension(self._shown.cues, fault.index, self._limits, self._shown.script.duration_ms)
        if found is None:
            return {"room_ms": 0, "extend": None}
        part, begin_ms = found.part, cue.end_ms + fault.more_ms + self._limits.gap_ms
        is_enough = begin_ms - found.from_ms <= found.room_ms
        at = self._letters(part.index).begin(part.begin) if part.begin else 0
        where = {"id": self._shown.script.keys[part.index], "at": at, "ms": begin_ms}
        return {"room_ms": found.room_ms, "extend": where if is_enough else None}
