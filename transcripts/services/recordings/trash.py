"""What people do to a recording as a whole."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from transcripts import clock, events, queue
from transcripts.models import Activity, LiveSession, PurgedRecording, Recording, TeamDefaults
from transcripts.models.choices import OPEN_LIVE, JobStatus
from transcripts.models.teams import NOTICE
from transcripts.services import activities, storage
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.live import lifecycle
from transcripts.services.pipeline import jobs

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Team, User


# How long what was deleted can be restored.
KEPT = timedelta(days=30)
# A delete stops the work and puts the recording in the trash in one transaction.
SAME_MOMENT = timedelta(seconds=5)


@transaction.atomic
def delete(recording: Recording, *, actor: User | None) -> None:
    """Put the recording in the trash and stop what works on it. It can be restored until the trash is emptied."""
    # Jobs before the recording, as workers lock them.
    jobs.cancel_all(recording, actor=actor)
    if not Recording.objects.filter(pk=recording.pk, deleted_at=None).update(deleted_at=clock.now(), deleted_by=actor):
        return
    for session in LiveSession.objects.filter(recording=recording, status__in=OPEN_LIVE):
        lifecycle.finish(session)
    activities.record("recording:deleted", recording, actor=actor)
    events.publish("recording.deleted", recording)


@transaction.atomic
def restore(recording: Recording, *, actor: User) -> None:
    """Take the recording out of the trash, and continue the work that was stopped because it went there.

    It is held from now on if the retention of its team would only move it back.
    """
    deleted_at = recording.deleted_at
    if not Recording.objects.filter(pk=recording.pk, deleted_at__isnull=False).update(
        deleted_at=None, deleted_by=None, is_held=recording.is_held or would_return(recording)
    ):
        return
    activities.record("recording:restored", recording, actor=actor)
    events.publish("recording.created", recording)
    if deleted_at and _was_stopped(recording, deleted_at):
        # What is refused now (no provider, no minutes) is said on its page, with the button to try again
        with suppress(Refused, NoProvider):
            jobs.retry(recording, actor=actor)


def would_return(recording: Recording) -> bool:
    """Tell whether the retention of the team moves a recording of this age to the trash within days."""
    defaults = TeamDefaults.objects.filter(team=recording.team_id).first()
    moment = defaults.trashed_at(recording.created_at) if defaults else None
    return moment is not None and moment <= clock.now() + NOTICE


def _was_stopped(recording: Recording, deleted_at: datetime) -> bool:
    """Tell whether the delete cancelled a job; one that a person cancelled before stays cancelled."""
    last = recording.jobs.filter(compares=None).order_by("-created_at").first()
    if last is None or last.status != JobStatus.CANCELLED or last.finished_at is None:
        return False
    return abs(deleted_at - last.finished_at) < SAME_MOMENT


def empty(team: Team, *, actor: User) -> int:
    """Let the time of all that is in the trash of a team be over, and housekeeping delete it; return how much it is.

    Nothing is deleted here: files of a thousand recordings take longer than a page may wait. If a process dies, the
    next round of housekeeping deletes them.
    """
    with transaction.atomic():
        trashed = Recording.objects.filter(team=team, deleted_at__gte=clock.now() - KEPT)
        count = trashed.update(deleted_at=F("deleted_at") - KEPT)
        if count:
            activities.record_for_team("team:trash_emptied", team, actor=actor)
            events.publish_to_team("library.changed", team.pk)
    queue.wake_round("housekeeping_round")
    return count


def purge(recording: Recording, *, actor: User | None = None) -> None:
    """Delete a recording in the trash permanently, its files after its rows, also those that no row names.

    A death in between leaves files that no row names; housekeeping finds them by the recording's id.
    """
    names = list(recording.media_files.values_list("storage_name", flat=True))
    with transaction.atomic():
        deleted, _ = Recording.objects.filter(pk=recording.pk, deleted_at__isnull=False).delete()
        if not deleted:
            return
        PurgedRecording.objects.create(recording_id=recording.pk)
        Activity.objects.create(
            team_id=recording.team_id,
            verb="recording:purged",
            subject=recording.title[:200],
            actor=actor,
            is_automatic=actor is None,
        )
        events.publish_to_team("library.changed", recording.team_id)
    for name in [*names, *storage.names_in(f"derived/{recording.pk}")]:
        storage.remove(name)
