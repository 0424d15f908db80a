"""How each provider is and what it offers, as it says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.models import ProviderAccount
from transcripts.providers import registry
from transcripts.providers.errors import AuthenticationFailed, ProviderError
from transcripts.services.provider_accounts import pausing, refusals
from transcripts.services.provider_accounts.accounts import provider

if TYPE_CHECKING:
    from transcripts.services.provider_accounts.keys import Key


def check_health(account: ProviderAccount) -> None:
    """Ask the provider for its health and what it supports, and store the answer."""
    checked = {"health_checked_at": clock.now()}
    try:
        health = provider(account).health()
    except ProviderError as error:
        _keep_health(account, is_healthy=False, health_message=str(error)[:500], **checked)
        return
    known = health.languages if health.languages is not None else registry.find(account.kind).languages
    languages = list(known) if known is not None else None
    said = {"engine": health.engine, "is_draft": health.is_draft, "languages": languages}
    _keep_health(account, is_healthy=True, health_message="", **checked, **said)


def test_key(account: ProviderAccount, key: Key) -> str:
    """Make the cheapest call with this key and say what came of it; if the provider takes it, what waits goes on."""
    try:
        health = provider(account, key=key).health()
    except AuthenticationFailed as error:
        return f"{account} refuses this key: {error}"
    except ProviderError as error:
        return f"{account} said nothing about this key: {error}"
    pausing.try_keys_again(account)
    return f"{account} answers with this key{f' ({health.engine})' if health.engine else ''}. What waits is sent now."


def is_any_unknown() -> bool:
    """Tell whether a provider has never answered."""
    return ProviderAccount.objects.filter(engine="", is_healthy=False).exists()


def check_health_of_all() -> None:
    """Ask every provider."""
    for account in ProviderAccount.objects.all():
        refusals.resume_with_another_key(account)
        check_health(account)


def _keep_health(account: ProviderAccount, **fields: object) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**fields)
