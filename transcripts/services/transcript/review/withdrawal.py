"""The end of a person's part in the review of what a team has: claims and assignments are released, history stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import events
from transcripts.models import Assignment, Claim
from transcripts.services import activities, summaries
from transcripts.services.transcript import changes

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Team, User


def withdraw(team: Team, person: User, *, actor: User) -> None:
    """Release what a person has claimed or is to review; call it in the transaction that ends their part."""
    touched = _release_claims(team, person, actor) | _unassign(team, person, actor)
    for transcript_id in touched:
        changes.publish_review(transcript_id)


def _release_claims(team: Team, person: User, actor: User) -> set[UUID]:
    claims = Claim.objects.filter(holder=person, transcript__recording__team=team)
    found = list(claims.select_related("transcript__recording"))
    for claim in found:
        activities.record("transcript:released", claim.transcript.recording, actor=actor, holder=person.pk)
    claims.delete()
    return {claim.transcript_id for claim in found}


def _unassign(team: Team, person: User, actor: User) -> set[UUID]:
    assignments = Assignment.objects.filter(assignee=person, transcript__recording__team=team)
    found = list(assignments.select_related("transcript__recording"))
    for assignment in found:
        recording = assignment.transcript.recording
        activities.record("transcript:unassigned", recording, actor=actor, assignee=person.pk)
        events.publish("recording.changed", recording)
    assignments.delete()
    for assignment in sorted(found, key=lambda one: one.transcript.recording_id):
        summaries.refresh(assignment.transcript.recording_id)
    return {assignment.transcript_id for assignment in found}
