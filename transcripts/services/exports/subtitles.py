"""The subtitles of a transcript as every export has them, their faults, and which of these people accepted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from transcripts import formats
from transcripts.document.subtitles import faults
from transcripts.formats.subtitle_options import CHOICES, SubtitleOptions
from transcripts.models import AcceptedFault
from transcripts.services.errors import Refused
from transcripts.services.exports.requests import remembered
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Team, User
    from transcripts.document.subtitles import Cue, Fault
    from transcripts.models import Transcript

FORMATS = ("srt", "vtt")
NO_PROFILE = "There is no such subtitle profile."
CHANGED = "This subtitle has changed since. Look at it again."


@dataclass(frozen=True, slots=True)
class Subtitles:
    """The cues of a transcript by the options of a format, and the limits that they exceed."""

    script: formats.Script
    options: SubtitleOptions
    cues: list[Cue]
    faults: list[Fault]

    def key_of(self, cue: Cue) -> str:
        """Return the key of the segment in which a cue begins."""
        return self.script.keys[cue.parts[0].index]

    def digest_of(self, cue: Cue) -> str:
        """Return what is the same as long as a cue says the same, by the same custom limits."""
        limits = asdict(self.options.limits) if self.options.profile == "own" else {}
        return hashlib.sha256(json.dumps([cue.lines, limits]).encode()).hexdigest()


def subtitles_of(transcript: Transcript, profile: str = "") -> Subtitles:
    """Return the subtitles by this profile; without one, by that which the team exported with last. Raises Refused."""
    options = _options(transcript.recording.team, profile)
    script = exports.script(transcript)
    cut = options.cues(script)
    return Subtitles(script, options, cut, faults(cut, options.limits))


def _options(team: Team, profile: str) -> SubtitleOptions:
    if profile and profile not in CHOICES:
        raise Refused("subtitle_profile", NO_PROFILE)
    used = remembered(team)
    last: Mapping[str, str] = next((used[name] for name in used if name in FORMATS), {})
    given = {name: value for name, value in last.items() if name in formats.FORMATS["vtt"].described}
    return _read({**given, **({"profile": profile} if profile else {})})


def _read(given: Mapping[str, str]) -> SubtitleOptions:
    options: Any = formats.options("vtt", given)
    return SubtitleOptions(**asdict(options))


def accepted_in(transcript: Transcript, profile: str) -> set[tuple[str, str, str]]:
    """Return the faults that people accepted: key of the segment, digest of the text, and kind."""
    found = AcceptedFault.objects.filter(transcript=transcript, profile=profile)
    return set(found.values_list("segment_key", "digest", "kind"))


def accept(transcript: Transcript, profile: str, key: str, digest: str, *, actor: User) -> None:
    """Accept the faults of the cue that begins in this segment and says this. Raises Refused if there is none."""
    shown = subtitles_of(transcript, profile)
    cues = ((fault, shown.cues[fault.index]) for fault in shown.faults)
    kinds = {fault.kind for fault, cue in cues if (shown.key_of(cue), shown.digest_of(cue)) == (key, digest)}
    if not kinds:
        raise Refused("subtitle_changed", CHANGED)
    rows = [
        AcceptedFault(
            transcript=transcript,
            profile=shown.options.profile,
            segment_key=key,
            digest=digest,
            kind=kind,
            accepted_by=actor,
        )
        for kind in sorted(kinds)
    ]
    AcceptedFault.objects.bulk_create(rows, ignore_conflicts=True)


def withdraw(transcript: Transcript, profile: str, key: str, digest: str) -> None:
    """Count the faults of a cue again."""
    AcceptedFault.objects.filter(transcript=transcript, profile=profile, segment_key=key, digest=digest).delete()
