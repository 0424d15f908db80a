"""What has to be true before a recording goes to another team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import access
from transcripts.access import Level
from transcripts.models import LiveSession, MediaFile, ProcessingJob, Tag
from transcripts.models.choices import ACTIVE_JOB, OPEN_LIVE
from transcripts.services import quotas
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts.routing import places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import Team, User
    from transcripts.models import Recording

SAME_TEAM = "The recording is in this team already. Choose another one."
BUSY = "The recording is being transcribed. Wait until it is done, or cancel that first."
STAYS = (
    "“{kept}” keeps audio on this instance, and “{team}” may send it to providers outside. An owner or admin of "
    "“{kept}” can move or copy the recording there."
)
LIVE = "The live session is still open. End it first."
NO_ROOM = "The recording doesn’t fit: the team “{team}” can store {most} GB. Ask an administrator for more."


def targets_for(recording: Recording, user: User) -> QuerySet[Team]:
    """Return the teams that a person can bring a recording to: those they can add to, but its own."""
    return access.editable_teams_of(user).exclude(pk=recording.team_id)


def allowed_target(recording: Recording, slug: str, user: User) -> Team:
    """Return the team of this short name, if the person can bring the recording there."""
    team = access.get_team(user, slug, need=Level.DECIDE)
    if team.pk == recording.team_id:
        raise Refused("same_team", SAME_TEAM)
    if places.keeps_audio(recording.team_id) and not places.keeps_audio(team.pk):
        may_change_rule = access.level_in(user, recording.team) or 0
        if may_change_rule < Level.MANAGE:
            raise Refused("audio_stays", STAYS.format(kept=recording.team, team=team))
    return team


def check(recording: Recording, team: Team) -> None:
    """Refuse what works on the recording, and what doesn't fit; call it under the lock of the team's quota."""
    if LiveSession.objects.filter(recording=recording, status__in=OPEN_LIVE).exists():
        raise Refused("still_live", LIVE)
    if ProcessingJob.objects.filter(recording=recording, status__in=ACTIVE_JOB).exists():
        raise Refused("still_working", BUSY)
    most = quotas.limits_of(team).storage
    size = sum(MediaFile.objects.filter(recording=recording).values_list("bytes", flat=True))
    if most is not None and quotas.stored_bytes(team) + size > most * quotas.GB:
        raise Refused("quota", NO_ROOM.format(team=team, most=most))


def tags_in(team: Team, names: Iterable[str]) -> list[Tag]:
    """Return the tags of these names in a team, which gets those that it doesn't have."""
    has = {one.name.lower(): one for one in team.tags.all()}
    return [has.get(name.lower()) or Tag.objects.create(team=team, name=name) for name in names]
