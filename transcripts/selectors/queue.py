"""Where each waiting recording is in the queue, and about how long until its turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import throttle
from transcripts.models import ProviderAccount, Step
from transcripts.models.choices import StepKind, StepStatus
from transcripts.services.pipeline.fair_queue import in_order
from transcripts.services.pipeline.upload_slots import seconds_until
from transcripts.services.provider_accounts import accounts, pausing

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Position:
    """A job's position in the queue, from 1, and about how long until its turn; None if unknown.

    `paused` says why no turn comes, as long as the account is paused.
    """

    position: int
    seconds: int | None
    paused: str = ""


def positions(team_ids: Collection[int]) -> dict[UUID, Position]:
    """The positions in the queue of the teams' waiting jobs, by job id."""
    found: dict[UUID, Position] = {}
    waiting = Step.objects.filter(kind=StepKind.SUBMIT, status=StepStatus.READY, job__recording__team_id__in=team_ids)
    for account in ProviderAccount.objects.filter(pk__in=waiting.values("job__account_id")):
        found.update(_positions_at(account, frozenset(team_ids)))
    return found


def _positions_at(account: ProviderAccount, team_ids: frozenset[int]) -> dict[UUID, Position]:
    window = accounts.window(account)
    try:
        slots: list[int] | None = throttle.slots(window)
    except throttle.Unavailable:
        slots = None
    line = in_order(account.pk).values_list("job_id", "job__recording__team_id")
    paused = pausing.message_of(account)
    if paused:
        slots = None
    return {
        job_id: Position(number, seconds_until(number, slots, window), paused)
        for number, (job_id, team_id) in enumerate(line, start=1)
        if team_id in team_ids
    }
