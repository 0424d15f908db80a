"""Edits as a page sends them, without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.models import Segment
from transcripts.services.transcript import edits

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.models import Speaker, Transcript


def apply(transcript: Transcript, *operations: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Apply operations to the transcript as it is now."""
    transcript.refresh_from_db(fields=["changes"])
    return edits.apply(transcript, edits.Batch("", 0, transcript.changes, operations), actor=actor)


def set_text(row: Segment, text: str, *, actor: Actor) -> None:
    """Give a segment another text, written on what it says now."""
    was = Segment.objects.select_related("transcript").get(pk=row.pk)
    apply(was.transcript, {"op": "set_text", "id": was.key, "was": was.text, "text": text}, actor=actor)


def rename(speaker: Speaker, label: str, *, actor: Actor) -> None:
    """Call a speaker by another name."""
    apply(speaker.transcript, {"op": "rename_speaker", "speaker": speaker.key, "label": label}, actor=actor)
    speaker.refresh_from_db()
