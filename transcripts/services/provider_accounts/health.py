"""How each provider is and what it offers, as it says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from transcripts import clock
from transcripts.models import ProviderAccount
from transcripts.providers import registry
from transcripts.providers.errors import AuthenticationFailed, ProviderError
from transcripts.services.provider_accounts import keys, refusals
from transcripts.services.provider_accounts.accounts import provider
from transcripts.services.provider_accounts.routing.candidates import has_key

if TYPE_CHECKING:
    from datetime import datetime

    from transcripts.services.provider_accounts.keys import Key


def check_health(account: ProviderAccount) -> None:
    """Ask the provider for its health and what it supports, and store the answer; without a key, nothing is asked."""
    if not has_key(account):
        _keep_health(account, is_healthy=False, health_message="", health_checked_at=None)
        return
    checked = {"health_checked_at": clock.now()}
    try:
        health = provider(account).health()
    except ProviderError as error:
        _keep_health(account, is_healthy=False, health_message=keys.masked(account, str(error))[:500], **checked)
        return
    known = health.languages if health.languages is not None else registry.find(account.kind).languages
    languages = list(known) if known is not None else None
    said = {"engine": health.engine, "is_draft": health.is_draft, "languages": languages, "aligns": health.aligns}
    _keep_health(account, is_healthy=True, health_message="", **checked, **said)


def in_words(account: ProviderAccount) -> str:
    """Say how the provider is, as far as it was asked."""
    if not has_key(account):
        return "Not asked: there is no key"
    if account.health_checked_at is None:
        return "Not asked yet"
    return "Healthy" if account.is_healthy else "Can’t be reached"


class Tested(NamedTuple):
    """What came of trying a key, in a sentence."""

    is_accepted: bool
    said: str


def test_key(account: ProviderAccount, key: Key) -> Tested:
    """Make the cheapest call with this key and say what came of it; if the provider takes it, what waits continues."""
    try:
        health = provider(account, key=key).health()
    except AuthenticationFailed as error:
        refusals.mark(account, key, clock.now())
        said = f"{account} refuses {keys.name_of(key)}: {keys.masked(account, str(error))}"
        return Tested(is_accepted=False, said=said)
    except ProviderError as error:
        said = f"{account} said nothing about {keys.name_of(key)}: {keys.masked(account, str(error))}"
        return Tested(is_accepted=False, said=said)
    name = f"{account} ({health.engine})" if health.engine and health.engine != str(account) else str(account)
    if not health.is_key_verified:
        said = f"{name} answers, but a key can’t be tested without sending audio. {_what_shows(account)}"
        return Tested(is_accepted=False, said=said)
    refusals.note_accepted(account, key)
    said = f"{name} accepts {keys.name_of(key)}.{' What waits is sent now.' if account.key_refused_at else ''}"
    return Tested(is_accepted=True, said=said)


def _what_shows(account: ProviderAccount) -> str:
    if account.key_refused_at:
        return "Choose “Try again” on the console’s first page: what waits is sent, and shows whether a key works."
    return "The next recording will show whether it works."


def is_any_unknown() -> bool:
    """Tell whether a provider has never answered."""
    never_answered = ProviderAccount.objects.filter(engine="", is_healthy=False)
    return any(has_key(account) for account in never_answered)


def check_health_of_all() -> None:
    """Ask every provider."""
    for account in ProviderAccount.objects.all():
        refusals.resume_with_another_key(account)
        if account.key_refused_at is not None:
            _resume_with_a_valid_key(account, account.key_refused_at)
        check_health(account)


def _resume_with_a_valid_key(account: ProviderAccount, since: datetime) -> None:
    """Let an account that waits go on if its provider takes a key that it refused: by now, or again after a fault.

    It isn't asked about the key whose refusal made the account wait while its health was good: what an upload showed
    would be forgotten and found again without end.
    """
    for key in keys.of(account):
        is_earlier = key.refused_at is not None and key.refused_at < since
        if (is_earlier or not account.is_healthy) and _is_valid(account, key):
            refusals.note_accepted(account, key)
            return


def _is_valid(account: ProviderAccount, key: Key) -> bool:
    try:
        return provider(account, key=key).health().is_key_verified
    except ProviderError:
        return False


def _keep_health(account: ProviderAccount, **fields: object) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**fields)
