"""Naming the speakers of a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.document.plain import one_line
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import edits
from transcripts.services.transcript.edits import Batch

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.models import Speaker


def rename(speaker: Speaker, *, label: str, actor: Actor) -> Speaker:
    """Call a speaker by another name in the whole transcript. Raises Refused for an empty name."""
    label = one_line(label)
    if not label:
        raise Refused("no_name", "Enter a name for this speaker.")
    operation = {"op": "rename_speaker", "speaker": speaker.key, "label": label}
    edits.apply(speaker.transcript, Batch("", 0, speaker.transcript.changes, [operation]), actor=actor)
    activities.record("speaker:named", speaker.transcript.recording, actor=actor, speaker=speaker.position)
    speaker.refresh_from_db()
    return speaker
