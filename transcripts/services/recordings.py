"""What people do to a recording as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock, events
from transcripts.document.plain import one_line
from transcripts.models import Activity, LiveSession, Recording
from transcripts.models.choices import OPEN_LIVE
from transcripts.services import activities, processing, storage
from transcripts.services.live import sessions

if TYPE_CHECKING:
    from accounts.models import User


PURGED = "recording:purged"


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


@transaction.atomic
def delete(recording: Recording, *, actor: User) -> None:
    """Put the recording in the bin and stop what works on it. It can be restored until the bin is emptied."""
    # Jobs before the recording, as workers lock them.
    processing.cancel_all(recording, actor=actor)
    if not Recording.objects.filter(pk=recording.pk, deleted_at=None).update(deleted_at=clock.now()):
        return
    for session in LiveSession.objects.filter(recording=recording, status__in=OPEN_LIVE):
        sessions.finish(session)
    activities.record("recording:deleted", recording, actor=actor)
    events.publish("recording.deleted", recording)


@transaction.atomic
def restore(recording: Recording, *, actor: User) -> None:
    """Take the recording out of the bin."""
    if not Recording.objects.filter(pk=recording.pk, deleted_at__isnull=False).update(deleted_at=None):
        return
    activities.record("recording:restored", recording, actor=actor)
    events.publish("recording.created", recording)


def purge(recording: Recording) -> None:
    """Delete a recording in the bin for good, its files after its rows.

    A death in between leaves files that no row names; housekeeping finds them by the recording's id.
    """
    names = list(recording.media_files.values_list("storage_name", flat=True))
    with transaction.atomic():
        deleted, _ = Recording.objects.filter(pk=recording.pk, deleted_at__isnull=False).delete()
        if not deleted:
            return
        Activity.objects.create(
            team_id=recording.team_id, verb=PURGED, is_automatic=True, data={"recording": str(recording.pk)}
        )
    for name in names:
        storage.remove(name)
