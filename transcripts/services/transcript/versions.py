"""Versions: names that people give to a transcript as it is at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.document.plain import one_line
from transcripts.models import Version
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import rows

if TYPE_CHECKING:
    from transcripts.access import Actor
    from transcripts.models import Transcript

LONGEST = 120


@transaction.atomic
def name(transcript: Transcript, name: str, *, actor: Actor) -> Version:
    """Give the present state of a transcript a name. Raises Refused without one."""
    name = one_line(name)[:LONGEST]
    if not name:
        raise Refused("no_name", "Enter a name for this version.")
    transcript.refresh_from_db(fields=["changes"])
    version = Version.objects.create(
        transcript=transcript, number=transcript.changes, name=name, **rows.author_fields(actor)
    )
    activities.record("version:named", transcript.recording, actor=actor, number=version.number)
    return version
