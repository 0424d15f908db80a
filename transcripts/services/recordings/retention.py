"""How long teams keep recordings: older ones go to the trash, which keeps them for 30 days more.

Passed over is what someone still works on or wants: an approved transcript or one in review, an assignment or an open
claim, a job or a live session under way, a recording that waits for a provider, or that a person kept or restored.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from transcripts import clock
from transcripts.models import Assignment, Claim, LiveSession, ProcessingJob, Recording, TeamDefaults, Transcript
from transcripts.models.choices import ACTIVE_JOB, OPEN_LIVE, TranscriptStatus
from transcripts.models.teams import NOTICE
from transcripts.services import activities
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User

logger = logging.getLogger(__name__)

# So many of a team are moved in one round; housekeeping has other work too.
BATCH = 200


def run() -> None:
    """Move to the trash what teams don't want to keep any longer."""
    now = clock.now()
    for defaults in TeamDefaults.objects.filter(retention_days__gt=0, retention_since__lte=now - NOTICE):
        before = now - timedelta(days=defaults.retention_days)
        old = Recording.objects.filter(team=defaults.team_id, created_at__lt=before)
        for recording_id in unprotected(old).order_by("created_at").values_list("pk", flat=True)[:BATCH]:
            _expire(recording_id)


@transaction.atomic
def _expire(recording_id: UUID) -> None:
    """Move a recording to the trash, unless someone began to work on it in the meantime."""
    locked = Recording.objects.select_for_update(of=("self",), no_key=True).filter(pk=recording_id)
    recording = unprotected(locked).first()
    if recording is not None:
        activities.record("recording:expired", recording)
        trash.delete(recording, actor=None)
        logger.info("Moved recording %s to the trash: its team doesn't keep it any longer", recording_id)


def unprotected(recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """Return those of the recordings that nothing keeps."""
    mine = {"recording": OuterRef("pk")}
    reviewed = (TranscriptStatus.APPROVED, TranscriptStatus.IN_REVIEW)
    keeping = (
        Transcript.objects.filter(**mine, status__in=reviewed),
        Assignment.objects.filter(transcript__recording=OuterRef("pk")),
        Claim.objects.open().filter(transcript__recording=OuterRef("pk")),
        ProcessingJob.objects.filter(**mine, status__in=ACTIVE_JOB),
        LiveSession.objects.filter(**mine, status__in=OPEN_LIVE),
    )
    kept = Q()
    for one in keeping:
        kept |= Q(Exists(one))
    # Without either it waits for a provider
    is_begun = Exists(ProcessingJob.objects.filter(**mine)) | Exists(Transcript.objects.filter(**mine))
    return recordings.filter(is_begun, ~kept, is_held=False, deleted_at=None)


def trashed_at(recordings: Sequence[Recording]) -> dict[UUID, datetime]:
    """Return when recordings go to the trash, of those that do so within NOTICE.

    They come with `team__defaults`, so that it takes a query only if one of them leaves.
    """
    until = timezone.now() + NOTICE
    moments = {one.pk: moment for one in recordings if (moment := _moment(one)) and moment <= until}
    if not moments:
        return {}
    left = unprotected(Recording.objects.filter(pk__in=moments)).values_list("pk", flat=True)
    return {recording_id: moments[recording_id] for recording_id in left}


def _moment(recording: Recording) -> datetime | None:
    defaults: TeamDefaults | None = getattr(recording.team, "defaults", None)
    return defaults.trashed_at(recording.created_at) if defaults else None


@transaction.atomic
def hold(recording: Recording, *, actor: User) -> None:
    """Keep a recording whatever its age."""
    if Recording.objects.filter(pk=recording.pk, is_held=False).update(is_held=True):
        activities.record("recording:held", recording, actor=actor)
