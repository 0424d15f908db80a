"""Naming the voices of a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.document.plain import one_line
from transcripts.models import Speaker
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NAME = 120


@transaction.atomic
def rename(speaker: Speaker, *, label: str, actor: User) -> Speaker:
    """Call a voice by another name, wherever it speaks. Raises Refused for an empty name."""
    label = one_line(label)[:LONGEST_NAME]
    if not label:
        raise Refused("no_name", "A speaker needs a name.")
    recording = speaker.transcript.recording
    number = changes.number_for(recording.pk)
    Speaker.objects.filter(pk=speaker.pk).update(label=label, is_named=True)
    # Pages that come late ask for changed segments, so those of this voice are changed too
    speaker.segments.update(change=number)
    speaker.label, speaker.is_named = label, True
    activities.record("speaker:named", recording, actor=actor, speaker=speaker.position)
    changes.publish(recording.pk, {"type": "speaker", "change": number, **changes.described_speaker(speaker)})
    return speaker
