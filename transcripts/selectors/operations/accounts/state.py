"""One provider account as it is now, and where the console lists what its numbers count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from transcripts.models.choices import StepKind, StepStatus
from transcripts.selectors.operations.calls import DAY, GOOD
from transcripts.selectors.operations.parts import Act, at_second, list_href
from transcripts.services.operating.words import counted, in_words

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProviderAccount
    from transcripts.services.provider_accounts.keys import Key

HOUR = timedelta(hours=1)


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
    keys: list[Key] = field(default_factory=list)
    is_serving: bool = False
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
    def is_key_missing(self) -> bool:
        """Tell whether it has no key; a server that the environment describes may want none."""
        return not self.account.is_environment and not self.keys

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
