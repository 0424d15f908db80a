"""What anyone did, written in the transaction that did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.models import Activity

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import Recording


def record(verb: str, recording: Recording, *, actor: User | None = None, **data: Any) -> None:
    """Write down what happened; without an actor the machine did it. `data` never holds transcript text."""
    Activity.objects.create(
        team_id=recording.team_id, recording=recording, actor=actor, verb=verb, is_automatic=actor is None, data=data
    )
