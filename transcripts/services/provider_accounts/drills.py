"""Which account can be asked for a drill: one of the engine of this machine, never a provider elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers import registry
from transcripts.services.provider_accounts import accounts, keys

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount
    from transcripts.providers.speechstream.drills import Drills
    from transcripts.services.provider_accounts.keys import Key


def of(account: ProviderAccount, found: list[Key] | None = None) -> Drills | None:
    """Return what controls the drills of the account's engine; None if it is elsewhere or of a kind without any.

    `found` are its keys, if they were read already.
    """
    if not accounts.is_on_this_machine(account):
        return None
    found = keys.of(account) if found is None else found
    if not found:
        return None
    return registry.drills(account.kind, accounts.connection(account, key=keys.choose(account, found)))
