"""Batches: begun with the first of their files, and what failed in them begun again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.media import errors as media
from transcripts.models import Batch, Recording
from transcripts.models.choices import JobStatus
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import Team, User

MOST_FILES = 100_000
NOTHING_FAILED = "Nothing in this batch failed that another attempt could help."
# What is wrong with a file itself fails again; how long one can be is a setting
OF_THE_FILE = frozenset(media.BY_CODE) - {media.TooLong.code}


@dataclass(frozen=True, slots=True)
class Named:
    """What the sender of a file says of its batch: its id, and how many files it has."""

    id: UUID
    files: int


def of_upload(named: Named | None, *, owner: User, team: Team) -> Batch | None:
    """Return the batch that an upload belongs to, begun with the first of its files.

    Another person's, or one of another team, is none: the file is uploaded all the same.
    """
    if named is None:
        return None
    fields = {"owner": owner, "team": team, "files": min(named.files, MOST_FILES)}
    batch, _ = Batch.objects.get_or_create(pk=named.id, defaults=fields)
    return batch if (batch.owner_id, batch.team_id) == (owner.pk, team.pk) else None


def failed_among(recordings: Iterable[Recording]) -> list[Recording]:
    """Return those that could not be transcribed, but for those whose file can't be."""
    failed = [one for one in recordings if one.job_status == JobStatus.FAILED and one.latest_transcript_id is None]
    return [one for one in failed if one.latest_job is None or one.latest_job.error_code not in OF_THE_FILE]


def retry(recordings: Iterable[Recording], *, actor: User) -> int:
    """Begin those again that failed; return how many. Raises the first refusal if all are refused."""
    refusals = []
    failed = failed_among(recordings)
    for recording in failed:
        try:
            jobs.retry(recording, actor=actor)
        except Refused as refusal:
            refusals.append(refusal)
    if not failed:
        raise Refused("nothing_failed", NOTHING_FAILED)
    if len(refusals) == len(failed):
        raise refusals[0]
    return len(failed) - len(refusals)
