"""The text that a link shows, as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts.selectors.guests.text import text_of
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from transcripts import formats
    from transcripts.access import Guest
    from transcripts.models import Transcript

OFFERED = ("docx", "pdf", "txt", "srt", "vtt")


def rendered(guest: Guest, transcript: Transcript, name: str) -> formats.Rendered:
    """Return what the guest's link shows of a transcript in the format of this name. Raises Refused."""
    if not guest.share.shows_less:
        return exports.export(transcript, name)
    text = text_of(guest.share, transcript)
    labels = text.labels
    segments = tuple(replace(one.said, speaker=labels.get(one.said.speaker or "")) for one in text.segments)
    whole = exports.script(transcript, first=0)
    speakers = ", ".join(label for label in labels.values() if label)
    shown = replace(
        whole,
        duration_ms=text.duration_ms,
        segments=segments,
        # Notices are about the whole recording, and name its tracks
        notices=(),
        details=tuple((label, speakers) for label, _ in whole.details if label == "Speakers" and speakers),
        keys=tuple(one.key for one in text.segments),
    )
    return exports.written(shown, name)
