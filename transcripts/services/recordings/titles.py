"""The titles of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import events
from transcripts.document.plain import one_line
from transcripts.services import activities

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import Recording


@transaction.atomic
def rename(recording: Recording, *, actor: User, title: str) -> None:
    """Give the recording another title; an empty one leaves the old."""
    title = one_line(title)[:255]
    if not title or title == recording.title:
        return
    recording.title = title
    recording.save(update_fields=["title"])
    activities.record("recording:renamed", recording, actor=actor)
    events.publish("recording.changed", recording)
