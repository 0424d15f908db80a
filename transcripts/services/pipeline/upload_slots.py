"""Upload slots at a provider: taken from the shared limiter, which the ledger of calls reminds of what it forgot."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from transcripts import clock, throttle
from transcripts.models import ProviderCall
from transcripts.providers.errors import RateLimited
from transcripts.services.pipeline import retries

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProviderAccount
    from transcripts.providers.errors import ProviderError


# What takes a slot: audio to be transcribed, and audio with words to be aligned
UPLOADS = ("upload", "align")


def acquire(window: throttle.Window, token: str) -> bool:
    """Take a slot, telling the limiter first what it forgot."""
    grant = throttle.acquire(window, token)
    if grant.forgot:
        throttle.remember(window, _ages_in_ledger(window))
        grant = throttle.acquire(window, token)
    return grant.taken


def begin(window: throttle.Window, token: str) -> None:
    """Note that the request begins. Without Redis the slot stays as it was, which is the safe side."""
    with suppress(throttle.Unavailable):
        throttle.begin(window, token)


def settle(window: throttle.Window, token: str, took_ms: int, error: ProviderError | None = None) -> None:
    """Note the answer to a request of this length. Without Redis the slot stays as it was."""
    with suppress(throttle.Unavailable):
        throttle.settle(window, token, took_ms=took_ms, is_refused=isinstance(error, RateLimited))


def release(window: throttle.Window, token: str) -> None:
    """Give back a slot that was not used; without Redis it is free later."""
    with suppress(throttle.Unavailable):
        throttle.release(window, token)


def cool(account: ProviderAccount, error: RateLimited) -> None:
    """Keep everybody from the account for as long as it asked, else longer for each refusal in a row."""
    with suppress(throttle.Unavailable):
        refused = throttle.counted(account.pk).refused
        wait = retries.wait_after(error, max(0, refused - 1))
        throttle.cool(account.pk, round(wait.total_seconds() * 1000))


def _ages_in_ledger(window: throttle.Window) -> list[int]:
    """How long ago, in ms, the account's latest uploads were answered; one still under way counts as answered now."""
    now = clock.now()
    since = now - timedelta(milliseconds=window.window_ms + window.deadline_ms)
    calls = ProviderCall.objects.filter(account_id=window.account_id, endpoint__in=UPLOADS, started_at__gte=since)
    ages = [_age_ms(call, now) for call in calls.order_by("-started_at")[: window.count]]
    return [age for age in ages if age < window.window_ms]


def _age_ms(call: ProviderCall, now: datetime) -> int:
    if call.latency_ms is None:
        return 0
    return int((now - call.started_at).total_seconds() * 1000) - call.latency_ms


def seconds_until(number: int, slots: list[int] | None, window: throttle.Window) -> int | None:
    """When the slot of the job at this place is free: the slots come round once a window."""
    if slots is None or not window.count:
        return None
    rounds, slot = divmod(number - 1, window.count)
    return round((slots[slot] + rounds * window.window_ms) / 1000)
