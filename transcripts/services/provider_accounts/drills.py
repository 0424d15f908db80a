"""Which account can be asked for a drill: one of the engine of this machine, never a provider elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers import registry
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from transcripts.models import ProviderAccount
    from transcripts.providers.speechstream.drills import Drills


def of(account: ProviderAccount) -> Drills | None:
    """Return what controls the drills of the account's engine; None if it is elsewhere or of a kind without any."""
    if not accounts.is_on_this_machine(account) or not accounts.is_key_set(account):
        return None
    return registry.drills(account.kind, accounts.connection(account))
