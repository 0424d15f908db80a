"""Provider accounts as an operator sees them: health, limits in use now, what they were asked and how they answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.urls import reverse

from transcripts import throttle
from transcripts.models import ProviderAccount, Step
from transcripts.models.choices import ACTIVE_STEP, StepKind, StepStatus
from transcripts.selectors.operations import refused_keys
from transcripts.selectors.operations.calls import DAY, GOOD, calls_of_a_day, failures
from transcripts.selectors.operations.parts import Act, Problem, at_second, list_href
from transcripts.services.operating.words import counted
from transcripts.services.provider_accounts import accounts, keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from transcripts.selectors.operations.calls import Call

HOUR = timedelta(hours=1)
NO_PROVIDER = Problem(
    "provider",
    "No provider is configured",
    "Uploads are saved and wait. Set STT_API_ENDPOINT and STT_API_KEY and restart, or choose an account.",
)


@dataclass(frozen=True, slots=True)
class TeamWaiting:
    """How many recordings of a team wait to be sent to an account."""

    team: str
    count: int
    since: datetime


@dataclass(slots=True)
class AccountState:
    """One account now. `used` of `limit` uploads of its window are taken; None if Redis doesn't say.

    `cooling_s` is for how long its provider asked everybody to wait; `next_slot_s` in how many seconds a slot is free;
    `abandoned` how many slots are taken by uploads that no worker sends any more.
    """

    account: ProviderAccount
    at: datetime
    is_serving: bool = False
    is_key_missing: bool = False
    used: int | None = None
    cooling_s: int = 0
    next_slot_s: int = 0
    is_sending: bool = False
    abandoned: int = 0
    live_used: int = 0
    waiting: list[TeamWaiting] = field(default_factory=list)
    failures: list[tuple[str, int]] = field(default_factory=list)
    calls: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None
    sent_in_an_hour: int = 0

    @property
    def waits(self) -> int:
        """How many recordings wait to be sent."""
        return sum(one.count for one in self.waiting)

    @property
    def rate(self) -> float:
        """Uploads a minute that the provider accepted in the last hour."""
        return round(self.sent_in_an_hour / 60, 1)

    @property
    def estimate_s(self) -> int | None:
        """In about how many seconds the last that waits is sent; None without a limit, or while it is paused."""
        account = self.account
        if not account.upload_limit or self.is_paused or not self.waits:
            return None
        rounds = (self.waits - 1) // account.upload_limit
        return max(self.cooling_s, self.next_slot_s) + rounds * account.upload_window_ms // 1000

    @property
    def is_paused(self) -> bool:
        """Tell whether nothing new is sent to it."""
        return bool(self.account.paused_at or self.account.key_refused_at)

    @property
    def href(self) -> str:
        """The account in the console."""
        return reverse("admin:transcripts_provideraccount_change", args=[self.account.pk])

    @property
    def calls_href(self) -> str:
        """Where the calls of the last day are listed."""
        return self._calls(started_at__gte=at_second(self.at - DAY))

    @property
    def window_href(self) -> str:
        """Where the uploads are listed that began within the window."""
        since = self.at - timedelta(milliseconds=self.account.upload_window_ms)
        return self._calls(endpoint="upload", started_at__gte=at_second(since))

    @property
    def sent_href(self) -> str:
        """Where the uploads of the last hour are listed that the provider took."""
        return self._calls(endpoint="upload", outcome__in=",".join(GOOD), started_at__gte=at_second(self.at - HOUR))

    @property
    def errors(self) -> list[tuple[str, int, str]]:
        """What failed within a day, by class: its words, how often, and where it is listed."""
        since = at_second(self.at - DAY)
        return [(words, count, self._calls(error=words, started_at__gte=since)) for words, count in self.failures]

    @property
    def live_href(self) -> str:
        """Where the live sessions are listed that have a slot of the account."""
        return list_href("livesession", account__id__exact=self.account.pk, slot_until__gt=at_second(self.at))

    @property
    def waits_href(self) -> str:
        """Where the steps are listed that wait to be sent."""
        return list_href(
            "step", kind__exact=StepKind.SUBMIT, status__exact=StepStatus.READY, job__account__id__exact=self.account.pk
        )

    def _calls(self, **filters: str) -> str:
        return list_href("providercall", account__id__exact=self.account.pk, **filters)

    @property
    def window_words(self) -> str:
        """Name the window as people do."""
        seconds = self.account.upload_window_ms // 1000
        return "minute" if seconds == 60 else f"{seconds} s"

    @property
    def acts(self) -> tuple[Act, ...]:
        """What can be done about the account."""
        target, name = str(self.account.pk), self.account.name
        if self.is_paused:
            return (Act("resume_account", "Resume", target, f"Send what waits for {name} again."),)
        acts = [
            *self._release,
            Act("pause_account", "Pause", target, f"Send nothing new to {name}. Recordings wait, and say why."),
        ]
        if self.cooling_s:
            acts.insert(
                0, Act("end_cooldown", "Try now", target, f"End the wait that {name} asked for, and try again.")
            )
        return tuple(acts)

    @property
    def _release(self) -> list[Act]:
        """The slots of dead workers, if there are any."""
        if not self.abandoned:
            return []
        window = self.account.upload_window_ms // 1000
        asks = f"Free {counted(self.abandoned, 'slot')} in {in_words(window)}: a worker ended before its upload did."
        return [Act("release_slots", "Release slots", str(self.account.pk), asks)]


def states(now: datetime, live: Mapping[int, int], *, has_limiter: bool) -> list[AccountState]:
    """Return the accounts, those that serve first; `live` counts the live slots in use by account. Four queries.

    Without its Redis the limiter is not asked: each question would wait for an answer.
    """
    found = list(ProviderAccount.objects.order_by("name").prefetch_related("credentials"))
    serving = _serving(found)
    (waiting, sending), calls = _submissions(), calls_of_a_day(now)
    made = [_state(account, serving, live, waiting[account.pk], calls[account.pk], now) for account in found]
    for state in made:
        state.is_sending = state.account.pk in sending
    if has_limiter:
        for state in made:
            _add_limits(state)
    return sorted(made, key=lambda state: not state.is_serving)


def _serving(found: list[ProviderAccount]) -> set[int]:
    """Tell which accounts new work goes to, as `accounts.current` decides."""
    chosen = {account.pk for account in found if account.for_files or account.for_live}
    usual = {account.pk for account in found if account.is_environment}
    return chosen | (set() if any(account.for_files for account in found) else usual)


def _state(
    account: ProviderAccount,
    serving: set[int],
    live: Mapping[int, int],
    waiting: list[TeamWaiting],
    calls: list[Call],
    now: datetime,
) -> AccountState:
    state = AccountState(
        account,
        now,
        is_serving=account.pk in serving,
        is_key_missing=not account.is_environment and not accounts.is_key_set(account),
        live_used=live.get(account.pk, 0),
        waiting=waiting,
        failures=failures(calls),
        calls=len(calls),
        sent_in_an_hour=sum(
            outcome in GOOD and end == "upload" and at > now - HOUR for end, outcome, _, _, at in calls
        ),
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


def problems(found: list[AccountState], now: datetime) -> list[Problem]:
    """Return what is wrong with the accounts that are used."""
    if not any(state.is_serving for state in found):
        return [NO_PROVIDER]
    used = ((state, _problems_of(state)) for state in found if state.is_serving or state.waits)
    return [replace(problem, account_id=state.account.pk) for state, wrong in used for problem in wrong]


def _problems_of(state: AccountState) -> list[Problem]:
    account, target = state.account, str(state.account.pk)
    check = Act("check_account", "Ask again", target, f"Ask {account.name} whether it answers, now.")
    waits = f"{counted(state.waits, 'recording')} {'waits' if state.waits == 1 else 'wait'}; nothing is lost."
    if state.is_key_missing:
        return [refused_keys.missing(account, waits, check, is_down=state.is_serving)]
    if account.key_refused_at and not account.paused_at:
        return [refused_keys.all_of(account, waits, is_down=state.is_serving)]
    if account.health_checked_at is not None and not account.is_healthy:
        why = f"{account.health_message or 'It did not answer.'} {waits}"
        key = keys.key_variable_of(account)
        is_key = any(word == "key refused" for word, _ in state.failures) or "key" in account.health_message.lower()
        return [
            Problem(
                f"health-{target}", f"{account.name} {'refuses the key' if is_key else 'can’t be reached'}", why,
                account.health_checked_at, (check, *state.acts), f"{key}=… make run" if is_key else "", state.href,
                is_down=state.is_serving,
            )
        ]  # fmt: skip
    if account.paused_at:
        return [
            Problem(
                f"paused-{target}", f"{account.name} is paused", f"An operator paused it. {waits}", account.paused_at,
                state.acts, href=state.href, is_notice=not state.waits,
            )
        ]  # fmt: skip
    if state.cooling_s:
        return [
            Problem(
                f"cooling-{target}", f"{account.name} asked to wait",
                f"It is asked again in {in_words(state.cooling_s)}. {waits}",
                None, state.acts[:1], href=state.href, is_notice=True,
            )
        ]  # fmt: skip
    return refused_keys.of(account)


def in_words(seconds: int) -> str:
    """Write seconds as people do: "45 s", "12 min", "3 h"."""
    minutes = f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
    return f"{seconds} s" if seconds < 90 else minutes
