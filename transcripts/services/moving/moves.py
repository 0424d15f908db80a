"""Moving a recording to another team, with its transcripts, their history and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import access, clock, events
from transcripts.access import Level
from transcripts.models import Assignment, Claim, Grant, Recording, Share, Upload
from transcripts.services import activities, quotas, summaries
from transcripts.services.moving import rules
from transcripts.services.recordings import trash
from transcripts.services.transcript.review import assignments

if TYPE_CHECKING:
    from accounts.models import Team, User


def move(recording: Recording, slug: str, *, actor: User) -> Recording:
    """Move a recording to the team of this short name; whoever it was shared with has it no more.

    Raises Refused, access.NotFound and access.NotAllowed, and then moves nothing. Tags go along, the folder doesn't.
    """
    with quotas.one_at_a_time(access.get_team(actor, slug, need=Level.DECIDE)):
        Recording.objects.select_for_update().filter(pk=recording.pk).first()
        recording = access.get_recording(actor, recording.pk, need=Level.DECIDE)
        team = rules.allowed_target(recording, slug, actor)
        rules.check(recording, team)
        _leave(recording, team, actor)
        recording.tags.set(rules.tags_in(team, [one.name for one in recording.tags.all()]))
        recording.team, recording.folder = team, None
        # Who moves it wants it there, whatever its age
        recording.is_held = recording.is_held or trash.would_return(recording)
        recording.save(update_fields=["team", "folder", "is_held"])
        summaries.refresh(recording.pk)
        Upload.objects.filter(recording=recording).update(team=team)
        activities.record("recording:moved_in", recording, actor=actor)
        events.publish("recording.created", recording)
    return recording


def _leave(recording: Recording, team: Team, actor: User) -> None:
    """End what others had of the recording by its team."""
    now = clock.now()
    activities.record("recording:moved_out", recording, actor=actor)
    events.publish("recording.deleted", recording)
    Grant.objects.of(recording).filter(revoked_at=None).update(revoked_at=now)
    Share.objects.filter(recording=recording, revoked_at=None).update(revoked_at=now)
    Claim.objects.filter(transcript__recording=recording).delete()
    stay = assignments.assignable(team)
    Assignment.objects.filter(transcript__recording=recording).exclude(assignee__in=stay).delete()
