"""Whom a bulk act is told: the person who does it, and the teams whose recordings are elsewhere in the library now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import events

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcripts.models import BulkAct


def tell(act: BulkAct, teams: Iterable[int] = ()) -> None:
    """Have pages fetch the act again, and their lists if they show recordings of these teams."""
    personal = getattr(act.actor, "personal_team", None)
    if personal is not None:
        events.publish_to_team("bulk.changed", personal.pk, act.pk)
    for team_id in teams:
        events.publish_to_team("library.changed", team_id)
