"""How many live sessions a provider account takes at once, and what is said where all its places are taken.

A session has a place while its `place_until` lies ahead; whoever holds the session renews it with the lease. A place is
given in a transaction that has locked the account, so two sessions never take the last one both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.models import LiveSession, ProviderAccount
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime


class Full(Refused):
    """All live places of an account are taken; the message says what to do."""

    def __init__(self, account: ProviderAccount, limit: int) -> None:
        people = "one live session goes" if limit == 1 else f"{limit} live sessions go"
        super().__init__(
            "live_slots",
            f"{people.capitalize()} on with {account} already, and it takes no more at once. Wait until one ends, stop "
            "one that is not needed, or ask an administrator for more places.",
        )


def refuse_when_full(account: ProviderAccount) -> None:
    """Raise Full where no further session can be heard now."""
    if account.live_limit and _taken(account.pk, clock.now()) >= account.live_limit:
        raise Full(account, account.live_limit)


def room_for(session: LiveSession, now: datetime) -> bool:
    """Tell whether the session may have a place: its own, or a free one. Call it in the transaction that gives it."""
    accounts = ProviderAccount.objects.filter(pk=session.account_id)
    # Looked at first, for where there is no limit nobody waits for anybody
    if not accounts.get().live_limit:
        return True
    limit = accounts.select_for_update().get().live_limit
    return not limit or _taken(session.account_id, now, without=session) < limit


def _taken(account_id: int, now: datetime, *, without: LiveSession | None = None) -> int:
    taken = LiveSession.objects.filter(account_id=account_id, place_until__gt=now)
    return taken.exclude(pk=without.pk).count() if without else taken.count()
