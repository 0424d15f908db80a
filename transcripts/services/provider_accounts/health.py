"""How each provider is and what it offers, as it says itself."""

from __future__ import annotations

from transcripts import clock
from transcripts.models import ProviderAccount
from transcripts.providers import registry
from transcripts.providers.errors import ProviderError
from transcripts.services.provider_accounts.accounts import provider


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


def is_any_unknown() -> bool:
    """Tell whether a provider has never answered."""
    return ProviderAccount.objects.filter(engine="", is_healthy=False).exists()


def check_health_of_all() -> None:
    """Ask every provider."""
    for account in ProviderAccount.objects.all():
        check_health(account)


def _keep_health(account: ProviderAccount, **fields: object) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**fields)
