"""Who is next, at a provider and at the decoders: round robin between teams, first come first served within one.

With a cost of one an upload, deficit round robin is this: the team that was served longest ago goes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Max, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from transcripts import clock
from transcripts.models import ProviderCall, Step
from transcripts.models.choices import StepKind, StepStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet


TEAM = "job__recording__team_id"
# More candidates than workers could snatch from each other
AT_ONCE = 32


def in_order(account_id: int) -> QuerySet[Step]:
    """The account's jobs that wait to be sent, in the order they will be."""
    served = ProviderCall.objects.filter(
        account_id=account_id, endpoint="upload", job__recording__team_id=OuterRef(TEAM)
    )
    last_served = served.order_by().values("job__recording__team_id").annotate(last=Max("started_at")).values("last")
    waiting = Step.objects.filter(kind=StepKind.SUBMIT, status=StepStatus.READY, job__account_id=account_id)
    return _in_turn(waiting, last_served)


def to_prepare() -> list[int]:
    """Ids of the recordings' steps that may be prepared now, in order; only the first few, for the rest has time."""
    began = Step.objects.filter(kind=StepKind.PREPARE, started_at__isnull=False, job__recording__team_id=OuterRef(TEAM))
    last_served = began.order_by().values("job__recording__team_id").annotate(last=Max("started_at")).values("last")
    due = Step.objects.filter(kind=StepKind.PREPARE, status=StepStatus.READY, due_at__lte=clock.now())
    return list(_in_turn(due, last_served).values_list("pk", flat=True)[:AT_ONCE])


def _in_turn(waiting: QuerySet[Step], last_served: QuerySet[Any, Any]) -> QuerySet[Step]:
    """Order what waits: of each team its first, then of each its second; the team served longest ago first."""
    turn = Window(RowNumber(), partition_by=[F(TEAM)], order_by=["created_at", "pk"])
    return waiting.annotate(turn=turn, last_served=Subquery(last_served)).order_by(
        "turn", F("last_served").asc(nulls_first=True), "created_at", "pk"
    )


def due(account_id: int) -> list[int]:
    """Ids of the steps that may be sent now, in order; one put off after an error keeps its place but must wait."""
    now = clock.now()
    return [step.pk for step in in_order(account_id) if step.due_at <= now]
