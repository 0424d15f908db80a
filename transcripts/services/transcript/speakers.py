"""Naming the speakers of a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.document.plain import one_line
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.models import Speaker


@transaction.atomic
def rename(speaker: Speaker, *, label: str, actor: Actor) -> Speaker:
    """Call a speaker by another name in the whole transcript. Raises Refused for an empty name."""
    label = one_line(label)[: rows.LONGEST_LABEL]
    if not label:
        raise Refused("no_name", "Enter a name for this speaker.")
    change = changes.number_for(speaker.transcript_id)
    rows.rename_speaker(speaker, label, change=change)
    activities.record("speaker:named", speaker.transcript.recording, actor=actor, speaker=speaker.position)
    changes.publish(speaker.transcript_id, "speaker", change, **changes.described_speaker(speaker))
    return speaker
