"""What anyone did, written in the transaction that did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.access import Guest
from transcripts.models import Activity

if TYPE_CHECKING:
    from accounts.models import Team, User
    from transcripts.access import Actor
    from transcripts.models import Recording


def record(verb: str, recording: Recording, *, actor: Actor | None = None, **data: Any) -> None:
    """Write down what happened; without an actor the machine did it. `data` never holds transcript text."""
    who: dict[str, Any] = {"actor": actor}
    if isinstance(actor, Guest):
        who = {"guest": actor.share, "guest_name": actor.name[:120]}
    Activity.objects.create(
        team_id=recording.team_id, recording=recording, verb=verb, is_automatic=actor is None, data=data, **who
    )


def record_for_team(verb: str, team: Team, *, actor: User | None = None, **data: Any) -> None:
    """Write down what happened to a team and to none of its recordings."""
    Activity.objects.create(team=team, actor=actor, verb=verb, is_automatic=actor is None, data=data)
