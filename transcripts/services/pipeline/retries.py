"""When a step is tried again and when it is given up: one policy for preparing, sending, checking and assembling.

A wait is a due time in the database; no worker sleeps for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.providers.backoff import delay_ms
from transcripts.providers.errors import ProviderError

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.models import ProviderAccount, Step

# From 2 s, doubling to a minute.
FIRST_MS, MOST_MS = 2_000, 60_000
# Never early: a request that takes the shorter way must not arrive within the interval.
STATUS_MARGIN = timedelta(milliseconds=50)
# Asking more often than this is of no use, whatever a provider allows.
LEAST_INTERVAL = timedelta(seconds=1)
# Long audio takes long: once a submission is a minute old it is asked for less and less often.
MOST_INTERVAL = timedelta(seconds=30)
# Providers limit what follows the first question, so short audio is ready soon.
FIRST_CHECK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a failing step is tried: for `patience`, and for so many `attempts` in a row; None sets no limit."""

    patience: timedelta | None = None
    attempts: int | None = None

    def retry_at(
        self,
        step: Step,
        error: Exception,
        *,
        since: datetime | None = None,
        at_least: timedelta = timedelta(),
    ) -> datetime | None:
        """Return when to try again after this error; None gives the step up.

        Patience counts from `since`, else from when the step was added or had waited for something else. A permanent
        error is never tried again.
        """
        now = clock.now()
        if isinstance(error, ProviderError) and error.permanent:
            return None
        if self.patience is not None and now - (since or step.patient_since or step.created_at) > self.patience:
            return None
        if self.attempts is not None and step.attempts + 1 >= self.attempts:
            return None
        return now + max(wait_after(error, step.attempts), at_least)


def wait_after(error: Exception, attempts: int) -> timedelta:
    """Return how long to wait after so many failures: what the provider asked for, else longer each time."""
    if isinstance(error, ProviderError) and error.retry_after_ms is not None:
        return timedelta(milliseconds=error.retry_after_ms)
    return timedelta(milliseconds=delay_ms(attempts + 1, first_ms=FIRST_MS, most_ms=MOST_MS))


def next_check(account: ProviderAccount, age: timedelta) -> timedelta:
    """Return when to ask again, from the provider's last answer, for a submission of this age."""
    allowed = timedelta(milliseconds=account.status_interval_ms) + STATUS_MARGIN
    # In whole seconds, so that those of about one age are put off together
    return max(allowed, LEAST_INTERVAL, min(timedelta(seconds=age // timedelta(seconds=12)), MOST_INTERVAL))
