"""Which recordings a person asked the library for, and how many each filter has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from transcripts import access
from transcripts.models import ProcessingJob, Recording, Transcript
from transcripts.models.choices import ACTIVE_JOB, JobStatus, TranscriptStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

STATES = ("all", "mine", "review", "approved", "working", "failed", "shared")
# Those whose recordings are counted beside their names.
COUNTED = ("mine", "review", "approved")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked the library for. `before` is the cursor of an earlier page."""

    state: str = "all"
    title: str = ""
    team: str = ""
    before: str = ""

    @property
    def is_any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.state != "all" or self.title or self.team)


def found(everything: QuerySet[Recording], state: str, user: User) -> QuerySet[Recording]:
    """Return those of the recordings that the filter `state` leaves."""
    if state in COUNTED:
        return _reviewed(everything).filter(_condition(state, user))
    if state == "working":
        active = ProcessingJob.objects.filter(recording=OuterRef("pk"), status__in=ACTIVE_JOB)
        return everything.filter(Exists(active))
    if state == "failed":
        everything = everything.alias(latest_status=Subquery(latest_jobs().values("status")[:1]))
        return everything.filter(Q(("latest_status", JobStatus.FAILED)))
    return everything


def counts(everything: QuerySet[Recording], user: User, *, most: int) -> dict[str, int]:
    """Return how many of the newest recordings, at most so many, each filter would leave."""
    newest = everything.order_by("-created_at", "-id")[:most]
    among = _reviewed(Recording.objects.filter(pk__in=newest.values("pk")))
    return among.aggregate(**{name: Count("pk", filter=_condition(name, user)) for name in COUNTED})


def latest_jobs() -> QuerySet[ProcessingJob]:
    """Return the jobs of an outer recording, the latest first."""
    return ProcessingJob.objects.filter(recording=OuterRef("pk")).order_by("-created_at")


def latest_transcripts() -> QuerySet[Transcript]:
    """Return the transcripts of an outer recording, the latest first."""
    return Transcript.objects.filter(recording=OuterRef("pk")).order_by("-created_at")


def editable(user: User, title: str) -> QuerySet[Recording]:
    """Return the recordings that the person can edit and whose title or file has these letters, the newest first."""
    mine = Recording.objects.filter(team_id__in=access.editable_team_ids_of(user), deleted_at=None)
    return _titled(mine, title).order_by("-created_at", "-id")


def narrowed(user: User, filters: Filters) -> QuerySet[Recording]:
    """Return what the person's teams have, by team and title; in the state "shared" what others shared with them."""
    if filters.state == "shared":
        return _titled(access.shared_with(user), filters.title)
    return of_teams(user, filters)


def shared_count(user: User, filters: Filters, *, most: int) -> int:
    """Return how many recordings others shared with the person, at most so many."""
    return _titled(access.shared_with(user), filters.title)[:most].count()


def of_teams(user: User, filters: Filters) -> QuerySet[Recording]:
    """Return what the person's teams have, by team and title."""
    seen = Recording.objects.filter(team_id__in=access.team_ids_of(user.pk), deleted_at=None)
    if filters.team:
        seen = seen.filter(team__slug=filters.team)
    return _titled(seen, filters.title)


def _titled(recordings: QuerySet[Recording], title: str) -> QuerySet[Recording]:
    if not title:
        return recordings
    return recordings.filter(Q(title__icontains=title) | Q(filename__icontains=title))


def _reviewed(recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """Say of each recording which status its latest transcript has, and who reviews that."""
    return recordings.annotate(
        review_status=Subquery(latest_transcripts().values("status")[:1]),
        reviewer=Subquery(latest_transcripts().values("assignment__assignee")[:1]),
    )


def _condition(state: str, user: User) -> Q:
    """Return what a recording must be: one's own or to be reviewed by one; to be reviewed by anyone; approved."""
    if state == "mine":
        return Q(owner=user) | Q(("reviewer", user.pk))
    if state == "approved":
        return Q(("review_status", TranscriptStatus.APPROVED))
    is_assigned = Q(("review_status", TranscriptStatus.DRAFT)) & Q(("reviewer__isnull", False))
    return Q(("review_status", TranscriptStatus.IN_REVIEW)) | is_assigned
