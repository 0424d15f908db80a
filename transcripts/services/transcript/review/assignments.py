"""Who reviews a transcript, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import EDITING_ROLES, Team, User
from transcripts import clock, events
from transcripts.models import Assignment, Transcript
from transcripts.models.choices import NotificationKind
from transcripts.services import activities, notifications, summaries
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

NOT_ASSIGNABLE = "This person can't edit the transcript. Choose a member of the team who can."


def assignable(team: Team) -> QuerySet[User]:
    """Return the members who can review what the team has: those who can edit it."""
    members = User.objects.filter(is_active=True, memberships__team=team, memberships__role__in=EDITING_ROLES)
    return members.order_by("name", "email")


@transaction.atomic
def assign(transcript: Transcript, assignee_id: int, *, due_on: date | None, actor: User) -> Assignment:
    """Ask a person to review a transcript, in place of the one who was asked before. Raises Refused."""
    assignee = assignable(transcript.recording.team).filter(pk=assignee_id).first()
    if assignee is None:
        raise Refused("not_assignable", NOT_ASSIGNABLE)
    fields = {"assignee": assignee, "due_on": due_on, "assigned_by": actor, "assigned_at": clock.now()}
    assignment, _ = Assignment.objects.update_or_create(transcript=transcript, defaults=fields)
    summaries.refresh(transcript.recording_id)
    due = due_on.isoformat() if due_on else None
    activities.record("transcript:assigned", transcript.recording, actor=actor, assignee=assignee.pk, due_on=due)
    notifications.notify(NotificationKind.ASSIGNED, [assignee], transcript.recording, actor)
    _tell(transcript)
    return assignment


@transaction.atomic
def unassign(transcript: Transcript, *, actor: User) -> None:
    """Ask no one any more."""
    found, _ = Assignment.objects.filter(transcript=transcript).delete()
    if found:
        summaries.refresh(transcript.recording_id)
        activities.record("transcript:unassigned", transcript.recording, actor=actor)
        _tell(transcript)


def pass_on(base: Transcript, successor: Transcript) -> None:
    """Let the reviewer of a transcript review the one that takes its place; call it in a transaction.

    The recording's summary follows when the job of the successor ends.
    """
    Assignment.objects.filter(transcript=base).update(transcript=successor)


def _tell(transcript: Transcript) -> None:
    changes.publish_review(transcript.pk)
    events.publish("recording.changed", transcript.recording)
