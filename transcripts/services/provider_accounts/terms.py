"""The terms of a team, as providers are told them with its audio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.base import Term
from transcripts.services import vocabulary
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Team
    from transcripts.models import ProviderAccount
    from transcripts.providers.capabilities import VocabularyRule


def sentence(account: ProviderAccount, team: Team) -> str:
    """Say which of a team's terms the account is told with its recordings; empty if there are none."""
    return _sentence(account, accounts.can(account).vocabulary, team, "recording")


def sentence_live(account: ProviderAccount, team: Team) -> str:
    """Say which of a team's terms the account is told with its live sessions; empty if there are none."""
    return _sentence(account, accounts.can_live(account).vocabulary, team, "session")


def _sentence(account: ProviderAccount, rule: VocabularyRule | None, team: Team, each: str) -> str:
    wanted = _terms_of(team, ())
    if not wanted:
        return ""
    total = f"{len(wanted):,} term{'' if len(wanted) == 1 else 's'}"
    if rule is None:
        return f"{account.name} doesn’t accept a vocabulary, so the {total} of {team} can’t be used."
    count = len(rule.fitting(wanted))
    if count == len(wanted):
        return f"The vocabulary of {team} is sent to {account.name} with each {each}: {total}."
    return f"{account.name} accepts {count:,} of the {total} of {team}: the weightiest that it can use are sent."


def told(account: ProviderAccount, team: Team, languages: Iterable[str]) -> tuple[Term, ...]:
    """Return the terms that the account is told with a recording of the team, the weightiest first.

    Those of other languages than are spoken are left out; if it isn't known which are, none is.
    """
    spoken = tuple(languages)
    # A main language that is left open could be any.
    return _fitting(accounts.can(account).vocabulary, team, spoken if spoken and spoken[0] else ())


def told_live(account: ProviderAccount, team: Team, language: str) -> tuple[Term, ...]:
    """Return the terms that the account is told with live speech of the team."""
    return _fitting(accounts.can_live(account).vocabulary, team, (language,))


def _fitting(rule: VocabularyRule | None, team: Team, languages: Iterable[str]) -> tuple[Term, ...]:
    return rule.fitting(_terms_of(team, languages)) if rule else ()


def _terms_of(team: Team, languages: Iterable[str]) -> list[Term]:
    found = vocabulary.weighed_terms_of(team, languages)
    return [Term(term, tuple(sounds), weight) for term, sounds, weight in found]
