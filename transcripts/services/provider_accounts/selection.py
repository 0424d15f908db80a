"""Which account serves what without a rule (`routing/`): chosen in the console, for recordings and live speech apart.

A choice is for what begins after it. A job and a session keep the account they began with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.models import ProviderAccount, TeamDefaults
from transcripts.providers import registry
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.provider_accounts import accounts, languages
from transcripts.services.provider_accounts.routing import candidates, places
from transcripts.services.provider_accounts.routing.rules import Work

if TYPE_CHECKING:
    from collections.abc import Callable


def use_for_recordings(account: ProviderAccount) -> None:
    """Let new recordings go to the account. Raises NoProvider if its key is not set."""
    _use(account, "for_files")


def use_for_live(account: ProviderAccount) -> None:
    """Let new live sessions go to the account. Raises NoProvider if its key is not set or it has no live speech."""
    kind = registry.find(account.kind)
    if not kind.live:
        raise NoProvider(f"{kind.name} transcribes recordings only. Choose another account for live speech.")
    _use(account, "for_live")


@transaction.atomic
def use_the_environments() -> None:
    """Let everything new go to the account that the environment describes."""
    ProviderAccount.objects.filter(for_files=True).update(for_files=False)
    ProviderAccount.objects.filter(for_live=True).update(for_live=False)


def usable() -> list[ProviderAccount]:
    """Return the accounts that a recording can be sent with now, the one that new recordings go to first."""
    first = _id_of(accounts.current)
    known = sorted(ProviderAccount.objects.all(), key=lambda account: (account.pk != first, account.name))
    return [account for account in known if candidates.has_key(account)]


def usable_for(team_id: int) -> list[ProviderAccount]:
    """Return the accounts that a recording of the team can be sent with now, the one that new ones go to first."""
    found, first = places.allowed(usable(), team_id), found_for_team(team_id)
    return sorted(found, key=lambda account: account != first)


def chosen(account_id: str, team_id: int) -> ProviderAccount:
    """Return the account that a person chose to send a recording with. Raises Refused if it can't be used."""
    found = next((account for account in usable() if str(account.pk) == account_id), None)
    if found is None:
        raise Refused("no_provider", "This provider can’t be used any more. Choose another one.")
    places.refuse_outside(found, team_id)
    return found


def for_team(team_id: int, language: str = "") -> ProviderAccount:
    """Return where a new recording of a team goes: to the first account of its list that can take it now.

    Raises NoProvider if there is none.
    """
    return candidates.first(Work(team_id, language))


def found_for_team(team_id: int) -> ProviderAccount | None:
    """Return where new recordings of a team go; None if there is no provider."""
    try:
        return for_team(team_id)
    except NoProvider:
        return None


def language_for(team_id: int, asked: str | None) -> str:
    """Return the language of a new recording: the one that is asked for, else the team's if the provider knows it.

    Raises Refused for a language that is asked for and unknown, as far as there is a provider to ask.
    """
    if asked is not None:
        _refuse_language(team_id, asked)
        return asked
    language = TeamDefaults.language_of(team_id)
    try:
        _refuse_language(team_id, language)
    except Refused:
        return ""
    return language


def _refuse_language(team_id: int, language: str) -> None:
    try:
        account = accounts.with_key(for_team(team_id, language))
    except NoProvider:
        languages.refuse_malformed_language(language)
    else:
        languages.refuse_unknown_language(account, language)


def served_by(account: ProviderAccount) -> list[str]:
    """Return what new work goes to the account: what it was chosen for, and what rules name it for."""
    chosen = {"recordings": _id_of(accounts.current), "live speech": _id_of(accounts.current_live)}
    served = [name for name, account_id in chosen.items() if account.pk and account_id == account.pk]
    return [*served, "what rules say"] if account.pk and account.routes.exists() else served


def _id_of(find: Callable[[], ProviderAccount]) -> int | None:
    try:
        return find().pk
    except NoProvider:
        return None


@transaction.atomic
def _use(account: ProviderAccount, purpose: str) -> None:
    accounts.with_key(account)
    ProviderAccount.objects.filter(**{purpose: True}).update(**{purpose: False})
    ProviderAccount.objects.filter(pk=account.pk).update(**{purpose: True})
