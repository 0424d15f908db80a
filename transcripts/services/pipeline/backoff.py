"""How long to wait before asking again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount
    from transcripts.providers.errors import ProviderError

# Never early: a request that takes the shorter way must not arrive within the interval.
STATUS_MARGIN = timedelta(milliseconds=50)
# Asking more often than this is of no use to anybody, whatever a provider allows.
LEAST_INTERVAL = timedelta(seconds=1)
# Long audio takes long: once a submission is a minute old it is asked for less and less often.
MOST_INTERVAL = timedelta(seconds=30)
# Providers limit what follows the first question, so short audio is ready soon.
FIRST_CHECK = timedelta(seconds=1)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failed tries: 2 s doubling to a minute."""
    return timedelta(seconds=min(2 ** min(attempts + 1, 6), 60))


def after(error: ProviderError, attempts: int) -> timedelta:
    """How long to wait after this error: what the provider asked for, else longer each time."""
    if error.retry_after_ms is not None:
        return timedelta(milliseconds=error.retry_after_ms)
    return backoff(attempts)


def next_check(account: ProviderAccount, age: timedelta) -> timedelta:
    """When to ask again, from the provider's last answer, for a submission of this age."""
    allowed = timedelta(milliseconds=account.status_interval_ms) + STATUS_MARGIN
    return max(allowed, LEAST_INTERVAL, min(age / 12, MOST_INTERVAL))
