"""What anyone did, written in the transaction that did it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from transcripts import clock
from transcripts.access import Guest
from transcripts.models import Activity

if TYPE_CHECKING:
    from accounts.models import Team, User
    from transcripts.access import Actor
    from transcripts.models import Folder, Recording

LONGEST_SUBJECT = 200
# Reading and editing go on for hours: they are one line of the log for so long
ONE_VISIT = timedelta(hours=1)


def record(verb: str, recording: Recording, *, actor: Actor | None = None, **data: Any) -> None:
    """Write down what happened; without an actor the machine did it. `data` never holds transcript text."""
    Activity.objects.create(
        team_id=recording.team_id,
        recording=recording,
        verb=verb,
        subject=recording.title[:LONGEST_SUBJECT],
        is_automatic=actor is None,
        data=data,
        **_who(actor),
    )


def record_once(verb: str, recording: Recording, *, actor: Actor, **data: Any) -> None:
    """Write down what someone does again and again, unless they did it within the last hour."""
    since = clock.now() - ONE_VISIT
    seen = Activity.objects.filter(recording=recording, verb=verb, created_at__gt=since)
    if not seen.filter(**_who(actor)).exists():
        record(verb, recording, actor=actor, **data)


def record_for_team(verb: str, team: Team, *, actor: User | None = None, **data: Any) -> None:
    """Write down what happened to a team and to none of its recordings."""
    Activity.objects.create(
        team=team, actor=actor, verb=verb, subject=team.name[:LONGEST_SUBJECT], is_automatic=actor is None, data=data
    )


def record_for_folder(verb: str, folder: Folder, *, actor: User, **data: Any) -> None:
    """Write down what happened to a folder as a whole."""
    Activity.objects.create(
        team_id=folder.team_id, actor=actor, verb=verb, subject=folder.name, data={"folder": folder.pk, **data}
    )


def remove_old() -> None:
    """Remove what is older than the log is kept."""
    if settings.ACTIVITY_DAYS:
        Activity.objects.filter(created_at__lt=clock.now() - timedelta(days=settings.ACTIVITY_DAYS)).delete()


def _who(actor: Actor | None) -> dict[str, Any]:
    if isinstance(actor, Guest):
        return {"guest": actor.share, "guest_name": actor.name[:120]}
    return {"actor": actor}
