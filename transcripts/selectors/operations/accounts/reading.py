"""Reading how the provider accounts are now: limits in use, what they were asked and how they answered."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q

from transcripts import throttle
from transcripts.models import Credential, ProviderAccount, Route, Step
from transcripts.models.choices import ACTIVE_STEP, StepKind, StepStatus
from transcripts.selectors.operations.accounts.state import HOUR, AccountState, TeamWaiting
from transcripts.selectors.operations.calls import GOOD, calls_of_a_day, failures
from transcripts.services.provider_accounts import accounts, keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from transcripts.selectors.operations.calls import Call
    from transcripts.services.provider_accounts.keys import Key

# What is read of a key that was entered
COLUMNS = ("id", "secret", "last_four", "refused_at")


def states(now: datetime, live: Mapping[int, int], *, has_limiter: bool) -> list[AccountState]:
    """Return the accounts, those that serve first; `live` counts the live slots in use by account. Three queries.

    Without its Redis the limiter is not asked: each question would wait for an answer.
    """
    found = _with_keys()
    serving = _serving([account for account, _ in found])
    (waiting, sending), calls = _submissions(), calls_of_a_day(now)
    made = [
        _state(AccountState(account, now, keys_of), live, waiting[account.pk], calls[account.pk])
        for account, keys_of in found
    ]
    for state in made:
        state.is_serving, state.is_sending = state.account.pk in serving, state.account.pk in sending
    if has_limiter:
        for state in made:
            _add_limits(state)
    return sorted(made, key=lambda state: not state.is_serving)


def _with_keys() -> list[tuple[ProviderAccount, list[Key]]]:
    """Read the accounts and their keys in one query, which has a row for each key that was entered."""
    entered = FilteredRelation("credentials", condition=Q(credentials__retired_at=None))
    columns = {f"entered_{name}": F(f"entered__{name}") for name in COLUMNS}
    routed = Exists(Route.objects.filter(account=OuterRef("pk")))
    found = ProviderAccount.objects.annotate(entered=entered, **columns, is_routed=routed)
    rows: Iterable[Any] = found.order_by("name", "-entered__pk")
    return [
        (same[0], keys.of(same[0], [_credential(row) for row in same if row.entered_id is not None]))
        for same in (list(group) for _, group in groupby(rows, key=attrgetter("pk")))
    ]


def _credential(row: Any) -> Credential:
    return Credential(account_id=row.pk, **{name: getattr(row, f"entered_{name}") for name in COLUMNS})


def _serving(found: list[ProviderAccount]) -> set[int]:
    """Tell which accounts new work goes to: those that rules name, and as `accounts.current` decides."""
    chosen = {account.pk for account in found if account.for_files or account.for_live or _is_routed(account)}
    usual = {account.pk for account in found if account.is_environment}
    return chosen | (set() if any(account.for_files for account in found) else usual)


def _is_routed(account: Any) -> bool:
    return bool(account.is_routed)


def _state(state: AccountState, live: Mapping[int, int], waiting: list[TeamWaiting], calls: list[Call]) -> AccountState:
    state.live_used = live.get(state.account.pk, 0)
    state.waiting, state.failures, state.calls = waiting, failures(calls), len(calls)
    state.sent_in_an_hour = sum(
        outcome in GOOD and end == "upload" and at > state.at - HOUR for end, outcome, _, _, at in calls
    )
    latencies = sorted(ms for end, outcome, _, ms, _ in calls if end == "upload" and outcome in GOOD and ms is not None)
    if latencies:
        state.p50_ms, state.p95_ms = latencies[len(latencies) // 2], latencies[len(latencies) * 95 // 100]
    return state


def _add_limits(state: AccountState) -> None:
    try:
        window = accounts.window(state.account)
        slots, cooling_ms = throttle.slots(window), throttle.cooling_ms(state.account.pk)
    except throttle.Unavailable:
        return
    state.cooling_s = -(-cooling_ms // 1000)
    if state.account.upload_limit:
        # A cool-down counts for all slots, and takes none
        state.used = sum(ms > state.cooling_s * 1000 for ms in slots)
        state.next_slot_s = -(-slots[0] // 1000) if slots else 0
        # An upload that was answered leaves after a window; what stays longer is under way, or its worker is gone
        longest = max(window.window_ms + throttle.MARGIN_MS, cooling_ms + 1_000)
        state.abandoned = 0 if state.is_sending else sum(ms > longest for ms in slots)


def _submissions() -> tuple[dict[int, list[TeamWaiting]], set[int]]:
    """What waits to be sent, by account and team, the longest waiting first; and the accounts that are sent to now."""
    active = Step.objects.filter(kind=StepKind.SUBMIT, status__in=ACTIVE_STEP).order_by()
    teams = active.values("job__account_id", "status", "job__recording__team__name")
    rows = teams.annotate(n=Count("pk"), since=Min("created_at"))
    found: dict[int, list[TeamWaiting]] = defaultdict(list)
    sending: set[int] = set()
    for account, status, team, count, since in rows.order_by("since").values_list(
        "job__account_id", "status", "job__recording__team__name", "n", "since"
    ):
        if status == StepStatus.RUNNING:
            sending.add(account)
        else:
            found[account].append(TeamWaiting(team, count, since))
    return found, sending
