"""What people do to a recording as a whole."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import clock, events
from transcripts.document.plain import one_line
from transcripts.models import Activity, LiveSession, MediaFile, Recording
from transcripts.models.choices import OPEN_LIVE, JobStatus
from transcripts.services import activities, storage
from transcripts.services.live import lifecycle
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User

logger = logging.getLogger(__name__)

# A delete stops the work and puts the recording in the trash in one transaction.
SAME_MOMENT = timedelta(seconds=5)
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
def choose_tracks(recording: Recording, *, actor: User, numbers: Collection[int]) -> None:
    """Transcribe these audio tracks of the recording instead, in a transcript of its own; what there is stays.

    Raises processing.Refused if none of them exists, and while the recording is being transcribed;
    accounts.NoProvider if no provider can be asked.
    """
    wanted = sorted({track["number"] for track in recording.tracks} & set(numbers))
    if not wanted:
        raise jobs.Refused("Choose at least one audio track.")
    last = recording.jobs.order_by("-created_at").first()
    language = last.language if last else recording.language
    Recording.objects.filter(pk=recording.pk).update(tracks_wanted=wanted)
    speakers = last.speakers if last else None
    jobs.start(recording, actor=actor, language=language, speakers=speakers, prepared_again=True)
    activities.record("recording:tracks", recording, actor=actor, tracks=wanted)


@transaction.atomic
def delete(recording: Recording, *, actor: User) -> None:
    """Put the recording in the trash and stop what works on it. It can be restored until the trash is emptied."""
    # Jobs before the recording, as workers lock them.
    jobs.cancel_all(recording, actor=actor)
    if not Recording.objects.filter(pk=recording.pk, deleted_at=None).update(deleted_at=clock.now()):
        return
    for session in LiveSession.objects.filter(recording=recording, status__in=OPEN_LIVE):
        lifecycle.finish(session)
    activities.record("recording:deleted", recording, actor=actor)
    events.publish("recording.deleted", recording)


@transaction.atomic
def restore(recording: Recording, *, actor: User) -> None:
    """Take the recording out of the trash, and continue the work that was stopped because it went there."""
    deleted_at = recording.deleted_at
    if not Recording.objects.filter(pk=recording.pk, deleted_at__isnull=False).update(deleted_at=None):
        return
    activities.record("recording:restored", recording, actor=actor)
    events.publish("recording.created", recording)
    if deleted_at and _was_stopped(recording, deleted_at):
        # What is refused now (no provider, no minutes) is said on its page, with the button to try again
        with suppress(jobs.Refused, accounts.NoProvider):
            jobs.retry(recording, actor=actor)


def _was_stopped(recording: Recording, deleted_at: datetime) -> bool:
    """Tell whether the delete cancelled a job; one that a person cancelled before stays cancelled."""
    last = recording.jobs.order_by("-created_at").first()
    if last is None or last.status != JobStatus.CANCELLED or last.finished_at is None:
        return False
    return abs(deleted_at - last.finished_at) < SAME_MOMENT


@transaction.atomic
def report_missing(file: MediaFile) -> None:
    """Tell the operator, once, that the storage lost a file that someone asked for."""
    if MediaFile.objects.filter(pk=file.pk, missing_since=None).update(missing_since=clock.now()):
        logger.error("The storage lost the %s of recording %s: %s", file.kind, file.recording_id, file.storage_name)
        activities.record("recording:file_missing", file.recording, kind=file.kind)


@transaction.atomic
def report_found(file: MediaFile) -> None:
    """Take the alarm back once the file is in the storage again."""
    if MediaFile.objects.filter(pk=file.pk, missing_since__isnull=False).update(missing_since=None):
        activities.record("recording:file_found", file.recording, kind=file.kind)


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
