"""The conductor: what is due, lost or expired, and whom to wake.

It is the outbox, the sweeper and the clock. Each tick reads the rows and gives hints; a tick that is missed, done
twice or done by two conductors at the same time changes nothing but when a worker wakes.
"""

from __future__ import annotations

import logging
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Min, Q

from accounts.mail import delivery
from transcripts import clock, meters, queue, throttle
from transcripts.models import Lease, ProviderAccount, Step
from transcripts.models.choices import StepKind, StepStatus
from transcripts.services.bulk import worker
from transcripts.services.exports import account_data, files
from transcripts.services.live import lifecycle, pauses
from transcripts.services.pipeline import fair_queue, jobs, steps, waits
from transcripts.services.pipeline.aligning import work as align
from transcripts.services.pipeline.routing import rounds
from transcripts.services.provider_accounts import accounts, health, pausing
from transcripts.services.search import building

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
# Renewed each tick; a conductor that died is missed this long.
LEADS_FOR = timedelta(seconds=5)
# A conductor that restarts has not left its instance.
RUNNING_WITHIN = timedelta(seconds=15)
# A wake-up on its way needs no second one yet.
PATIENCE = timedelta(seconds=2)
# Who watches a job learns within this that nothing works on it any more.
NOTICED_WITHIN = timedelta(seconds=9)
HEALTH_EVERY = timedelta(seconds=30)
# A provider that never answered may be starting, as the local one does while it loads its model
HEALTH_SOON = timedelta(seconds=5)
HOUSEKEEPING_EVERY = timedelta(hours=1)

DIED = (
    "The worker crashed {kills} times while {doing} this recording, so processing was stopped. The file may be "
    "damaged: convert it to MP3 and upload that."
)
DOING = {
    StepKind.PREPARE: "preparing",
    StepKind.SUBMIT: "sending",
    StepKind.CHECK: "checking the status of",
    StepKind.ALIGN: "aligning the words of",
    StepKind.ASSEMBLE: "assembling the transcript of",
}


# Of an archive that was there before its search index, at each tick
INDEXED_A_TICK = 2_000


class Conductor:
    """One conductor; of several, the one that holds the lease leads and the others stand by."""

    def __init__(self) -> None:
        self.owner = uuid.uuid4().hex
        self.health_at = self.housekeeping_at = clock.now()

    def tick(self) -> timedelta:
        """Do what is to be done now; return how long until the next tick."""
        if not lead(self.owner):
            return TICK
        recover_expired()
        files.recover_expired()
        worker.recover_expired()
        try:
            pauses.update()
            rounds.move_waiting()
            wake_due()
            wake_unsealed()
            wake_exports()
            wake_bulk_acts()
            wake_account_exports()
            wake_mail()
            fill_search()
            self._rounds()
        except (queue.Unavailable, throttle.Unavailable):
            logger.warning("Redis does not answer. Nothing is lost: work continues when it is back")
        return until_next()

    def resign(self) -> None:
        """Make room for the next conductor."""
        Lease.objects.filter(name="conductor", owner=self.owner).delete()

    def _rounds(self) -> None:
        """Wake the rounds that come by the clock."""
        now = clock.now()
        if now >= self.health_at:
            self.health_at = now + (HEALTH_SOON if health.is_any_unknown() else HEALTH_EVERY)
            waits.begin_waiting()
            queue.wake_round("health_round")
        if now >= self.housekeeping_at:
            self.housekeeping_at = now + HOUSEKEEPING_EVERY
            queue.wake_round("housekeeping_round")


def lead(owner: str) -> bool:
    """Take or renew the conductor's lease; False while another conductor holds it."""
    now = clock.now()
    free = Q(owner=owner) | Q(until__lt=now)
    if Lease.objects.filter(free, name="conductor").update(owner=owner, until=now + LEADS_FOR):
        return True
    _, made = Lease.objects.get_or_create(name="conductor", defaults={"owner": owner, "until": now + LEADS_FOR})
    return made


def is_running() -> bool:
    """Tell whether an instance works on these rows: its conductor's lease is not long past."""
    return Lease.objects.filter(name="conductor", until__gt=clock.now() - RUNNING_WITHIN).exists()


def is_working() -> bool:
    """Tell whether the instance works at this moment; one that ended is noticed within ten seconds."""
    return Lease.objects.filter(name="conductor", until__gt=clock.now() - NOTICED_WITHIN + LEADS_FOR).exists()


def recover_expired() -> None:
    """Make steps ready again whose worker died; end the job of one that killed too many, unless it can do without."""
    for lapsed in steps.expired():
        if steps.recover(lapsed):
            logger.warning("Step %s (%s) lost its worker and starts again", lapsed.step_id, lapsed.kind)
            meters.count(meters.RECOVERED_STEPS, lapsed.kind)
            continue
        step = Step.objects.filter(pk=lapsed.step_id, fence=lapsed.fence, lease_until__lt=clock.now()).first()
        if step is not None and step.kind == StepKind.ALIGN:
            align.abandon(step)
        elif step is not None:
            message = DIED.format(kills=step.kills + 1, doing=DOING[StepKind(step.kind)])
            jobs.fail(step.job_id, code="worker_died", message=message)


def wake_due() -> None:
    """Wake workers for all that is due and has no wake-up waiting."""
    now = clock.now()
    ready = Step.objects.filter(status=StepStatus.READY, due_at__lte=now)
    kinds = dict.fromkeys(ready.order_by().values_list("kind", flat=True))
    if not kinds:
        return
    waiting = {name: queue.waiting(name) for name in queue.QUEUES}
    if not set(steps.WOKEN_ALONE).isdisjoint(kinds):
        _wake_steps(now, waiting)
    if StepKind.CHECK in kinds and not _is_round_waiting(waiting["default"]):
        queue.wake_round("check_round")
    if StepKind.SUBMIT in kinds:
        _wake_submissions(waiting["provider"])


def _is_round_waiting(jobs_waiting: list[str]) -> bool:
    return any(job.startswith("check_round-") for job in jobs_waiting)


def wake_unsealed() -> None:
    """Wake workers for live sessions that ended and are no recording yet."""
    ended = lifecycle.unsealed()
    on_their_way = queue.waiting("media") if ended else []
    for session_id in ended:
        if not any(job.startswith(f"seal-{session_id}-") for job in on_their_way):
            queue.wake_sealing(session_id)


def wake_exports() -> None:
    """Wake workers for exports that wait and have no wake-up waiting."""
    queued = files.queued()
    on_their_way = queue.waiting("default") if queued else []
    for export_id in queued:
        if not any(job.startswith(f"export-{export_id}-") for job in on_their_way):
            queue.wake_export(export_id)


def wake_bulk_acts() -> None:
    """Wake workers for bulk acts that wait and have no wake-up waiting."""
    queued = worker.queued()
    on_their_way = queue.waiting("default") if queued else []
    for act_id in queued:
        if not any(job.startswith(f"bulk-{act_id}-") for job in on_their_way):
            queue.wake_bulk_act(act_id)


def wake_account_exports() -> None:
    """Wake workers for people's own data that is to be written and has no wake-up waiting."""
    queued = account_data.due()
    on_their_way = queue.waiting("default") if queued else []
    for export_id in queued:
        if not any(job.startswith(f"account-export-{export_id}-") for job in on_their_way):
            queue.wake_account_export(export_id)


def wake_mail() -> None:
    """Wake workers for mail that is due and has no wake-up waiting."""
    mails = delivery.due()
    on_their_way = queue.waiting("default") if mails else []
    for mail_id, attempts in mails:
        if not any(job.startswith(f"mail-{mail_id}-{attempts}-") for job in on_their_way):
            queue.wake_mail(mail_id, attempts)


def _wake_steps(now: datetime, waiting: dict[queue.Queue, list[str]]) -> None:
    on_their_way = {job for ids in waiting.values() for job in ids}
    ready = Step.objects.filter(status=StepStatus.READY, due_at__lte=now, kind__in=steps.WOKEN_ALONE)
    for step in ready.filter(Q(woken_at=None) | Q(woken_at__lte=now - PATIENCE)):
        if f"step-{step.pk}-{step.fence}-{step.wakes}" in on_their_way:
            continue
        Step.objects.filter(pk=step.pk).update(wakes=F("wakes") + 1, woken_at=now)
        queue.wake_step(steps.QUEUE_OF[step.kind], step.pk, step.fence, step.wakes + 1)


def _wake_submissions(waiting: list[str]) -> None:
    """Wake a round for each account that has something due and a slot free."""
    due = Step.objects.filter(kind=StepKind.SUBMIT, status=StepStatus.READY, due_at__lte=clock.now())
    for account in ProviderAccount.objects.filter(~pausing.PAUSED_NOW, pk__in=due.values("job__account_id")):
        on_its_way = any(job.startswith(f"submit-{account.pk}-") for job in waiting)
        slots = throttle.slots(accounts.window(account))
        if not on_its_way and (not slots or slots[0] == 0) and fair_queue.due(account.pk):
            queue.wake_submissions(account.pk)


def until_next() -> timedelta:
    """How long the conductor may rest: until something falls due or a slot is free, a second at most."""
    ready = Step.objects.filter(status=StepStatus.READY)
    # A round that waits for its turn will find what falls due
    with suppress(queue.Unavailable):
        ready = ready.exclude(kind=StepKind.CHECK) if _is_round_waiting(queue.waiting("default")) else ready
    moments = [
        moment for moment in ready.aggregate(first=Min("due_at", filter=Q(due_at__gt=clock.now()))).values() if moment
    ]
    wait: timedelta = min([TICK, *(moment - clock.now() for moment in moments if moment > clock.now())])
    waiting = ready.filter(kind=StepKind.SUBMIT).values("job__account")
    accounts_waiting = ProviderAccount.objects.filter(~pausing.PAUSED_NOW, pk__in=waiting)
    for account in accounts_waiting:
        wait = min([wait, *_until_slot(account)])
    return max(wait, timedelta(milliseconds=5))


def _until_slot(account: ProviderAccount) -> list[timedelta]:
    try:
        slots = throttle.slots(accounts.window(account))
    except throttle.Unavailable:
        return []
    return [timedelta(milliseconds=slots[0])] if slots and slots[0] else []


def fill_search() -> None:
    """Index some more of an archive that was there before its search index."""
    building.fill(most=INDEXED_A_TICK)
