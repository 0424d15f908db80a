"""Who is next, at a provider and at the decoders: round robin between teams, first come first served within one.

With a cost of one an upload, deficit round robin is this: the team that was served longest ago goes first. What a
person put first goes before what its team brought within `HEAD_START` before it; what is older isn't overtaken.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Max, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from transcripts import clock, events
from transcripts.models import ProcessingJob, ProviderCall, Step
from transcripts.models.choices import ACTIVE_JOB, StepKind, StepStatus
from transcripts.services import activities
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from transcripts.models import Recording

TEAM = "job__recording__team_id"
# More candidates than workers could snatch from each other
AT_ONCE = 32
HEAD_START = timedelta(days=1)
# Steps that wait for a turn
IN_LINE = Q(status=StepStatus.READY, kind__in=(StepKind.PREPARE, StepKind.SUBMIT))


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
    ahead = ExpressionWrapper(F("created_at") - Value(HEAD_START), output_field=DateTimeField())
    since = Case(When(job__is_next=True, then=ahead), default=F("created_at"))
    turn = Window(RowNumber(), partition_by=[F(TEAM)], order_by=[since, "pk"])
    return waiting.annotate(turn=turn, last_served=Subquery(last_served)).order_by(
        "turn", F("last_served").asc(nulls_first=True), "created_at", "pk"
    )


def due(account_id: int) -> list[int]:
    """Ids of the steps that may be sent now, in order; one put off after an error keeps its place but must wait."""
    now = clock.now()
    return [step.pk for step in in_order(account_id) if step.due_at <= now]


@transaction.atomic
def put_first(recording: Recording, *, actor: User) -> None:
    """Let a recording that waits go before others of its team. Raises Refused if it doesn't wait for a turn."""
    job = ProcessingJob.objects.select_for_update().filter(recording=recording, status__in=ACTIVE_JOB).first()
    if job is None or not job.steps.filter(IN_LINE).exists():
        raise Refused("not_waiting", "This recording isn’t waiting for its turn any more.")
    if job.is_next:
        return
    ProcessingJob.objects.filter(pk=job.pk).update(is_next=True)
    activities.record("job:put_first", recording, actor=actor)
    events.publish("recording.changed", recording)
    events.publish_to_team("queue.changed", recording.team_id)
