"""What a team can spend in a month: checked before anything is sent, and told before it is reached.

Whoever checks holds the lock of the team until the charge is written, so two uploads never overrun together. Work that
doesn't fit waits with a message, until the budget is raised, room is found or the month ends; nothing is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Role, Team, User
from transcripts import queue
from transcripts.models import Budget, Step
from transcripts.models.choices import NotificationKind, StepKind, StepStatus, WaitsFor
from transcripts.services import activities, notifications, quotas
from transcripts.services.costs import charges
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from decimal import Decimal

    from transcripts.models import ProviderAccount

NEAR_PERCENT, FULL_PERCENT = 80, 100
TOLD = {NEAR_PERCENT: NotificationKind.BUDGET_NEAR, FULL_PERCENT: NotificationKind.BUDGET_USED}


def of(team: Team) -> Budget | None:
    """Return the budget of a team; None if it has none."""
    return Budget.objects.filter(team=team).first()


def locked(team: Team) -> Budget | None:
    """Return the budget of a team and keep others from spending until the transaction ends; None if it has none."""
    if of(team) is None:
        return None
    Team.objects.select_for_update().get(pk=team.pk)
    return of(team)


def objection(budget: Budget, micros: int) -> str:
    """Say why something of this cost must wait; empty if it fits, or costs nothing. Call it under the lock."""
    spent = charges.spent_micros(budget.team)
    if not micros or spent + micros <= budget.micros:
        return ""
    _tell(budget, FULL_PERCENT)
    return (
        f"The team “{budget.team}” has spent {charges.in_words(spent)} of its budget of "
        f"{charges.in_words(budget.micros)} this month, and this recording costs {charges.in_words(micros)}. Nothing "
        f"is lost: it continues automatically on {quotas.next_month():%-d %B}, or as soon as an administrator raises "
        "the budget."
    )


def refuse_live(team: Team, account: ProviderAccount) -> None:
    """Raise Refused if a live session costs something and nothing is left. One that is open is never ended for this."""
    budget = of(team)
    if budget is None or not account.live_price_a_minute or charges.spent_micros(team) < budget.micros:
        return
    raise Refused(
        "budget",
        f"The team “{team}” has spent its budget of {charges.in_words(budget.micros)} this month. It renews on "
        f"{quotas.next_month():%-d %B}. Until then, ask an administrator for more.",
    )


def warn(budget: Budget) -> None:
    """Tell the team's owners and admins that a mark is reached, once a month each."""
    percent = charges.spent_micros(budget.team) * 100 // budget.micros if budget.micros else FULL_PERCENT
    reached = [mark for mark in TOLD if percent >= mark]
    if reached:
        _tell(budget, max(reached))


@transaction.atomic
def change(team: Team, amount: Decimal | None, *, actor: User) -> None:
    """Set what a team can spend in a month, None for what it likes. What waited and fits now continues immediately."""
    Team.objects.select_for_update().get(pk=team.pk)
    if amount is None:
        Budget.objects.filter(team=team).delete()
    else:
        Budget.objects.update_or_create(team=team, defaults={"amount": amount, "warned_percent": 0})
    activities.record_for_team("team:budget_changed", team, actor=actor, amount=str(amount or ""))
    release(team)
    if (budget := of(team)) is not None:
        warn(budget)


def release(team: Team) -> None:
    """Let what waits for the budget be checked again now."""
    waiting = Step.objects.filter(
        kind=StepKind.SUBMIT, status=StepStatus.READY, waits_for=WaitsFor.BUDGET, job__recording__team=team
    )
    for account_id in waiting.bring_forward():
        queue.wake_submissions(account_id)


def _tell(budget: Budget, percent: int) -> None:
    month = quotas.month().date()
    untold = Budget.objects.filter(pk=budget.pk).exclude(warned_month=month, warned_percent__gte=percent)
    if untold.update(warned_month=month, warned_percent=percent):
        managers = User.objects.filter(
            memberships__team=budget.team, memberships__role__in=(Role.OWNER, Role.ADMIN), is_active=True
        )
        notifications.notify(TOLD[percent], managers, budget.team)
