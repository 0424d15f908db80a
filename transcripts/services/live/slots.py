"""The live slots of a provider account: how many sessions it transcribes at the same time.

A session has a slot while its `slot_until` is in the future; its holder renews it with the lease. A slot is given in a
transaction that has locked the account, so two sessions never both take the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.models import LiveSession, ProviderAccount
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime


class NoSlot(Refused):
    """All live slots of an account are in use; the message says what to do."""

    def __init__(self, account: ProviderAccount, limit: int) -> None:
        allowed = "one live session" if limit == 1 else f"{limit} live sessions"
        present = "one is already in progress" if limit == 1 else "all are in progress"
        super().__init__(
            "live_slots",
            f"{account} allows {allowed} at a time, and {present}. Wait until one ends, end one that isn’t needed, or "
            "ask an administrator for more.",
        )


def refuse_when_full(account: ProviderAccount) -> None:
    """Raise NoSlot if no further session can be transcribed live now."""
    if is_full(account):
        raise NoSlot(account, account.live_limit)


def is_full(account: ProviderAccount) -> bool:
    """Tell whether all live slots of the account are in use now."""
    return bool(account.live_limit) and _in_use(account.pk, clock.now()) >= account.live_limit


def has_slot_for(session: LiveSession, now: datetime) -> bool:
    """Tell whether the session can have a slot: its own, or a free one. Call it in the transaction that gives it."""
    accounts = ProviderAccount.objects.filter(pk=session.account_id)
    # Looked at first, so that without a limit no session waits for another
    if not accounts.get().live_limit:
        return True
    limit = accounts.select_for_update().get().live_limit
    return not limit or _in_use(session.account_id, now, without=session) < limit


def _in_use(account_id: int, now: datetime, *, without: LiveSession | None = None) -> int:
    in_use = LiveSession.objects.filter(account_id=account_id, slot_until__gt=now)
    return in_use.exclude(pk=without.pk).count() if without else in_use.count()
