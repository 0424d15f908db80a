"""What providers can't do of what people wish, said before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from transcripts.providers import registry
from transcripts.providers.capabilities import NAMES, Wish
from transcripts.providers.parsing.language_tags import english_name
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.models import ProviderAccount
    from transcripts.providers.capabilities import Wishes

REASONS = {
    Wish.LANGUAGES: "{name} can’t be told that several languages are spoken.",
    Wish.SEPARATION: "{name} always tells speakers apart.",
    Wish.PUNCTUATION: "{name} always writes punctuation and figures.",
    Wish.PROFANITY: "{name} can’t mask profanity.",
}
NO_SPEAKERS = "{name} can’t tell speakers apart."
# What becomes of a recording whose team wishes what its provider can't do.
CONSEQUENCES = {
    Wish.LANGUAGES: "{name} can’t be told that several languages are spoken: your team’s other languages aren’t sent.",
    Wish.SEPARATION: "{name} always tells speakers apart: the text will have its speakers.",
    Wish.PUNCTUATION: "{name} always writes punctuation and figures: they will be in the text.",
    Wish.PROFANITY: "{name} doesn’t mask profanity: swear words will be in the text.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether any of the providers meets a wish, and a sentence for each that doesn't.

    `is_on` is how an option that can't be chosen is.
    """

    is_possible: bool
    reasons: tuple[str, ...] = ()
    is_on: bool = True


def choices(among: Sequence[ProviderAccount]) -> Mapping[str, Choice]:
    """Return the choice of each wish by its name, if a recording goes to one of these accounts."""
    return {NAMES[wish]: _choice(wish, among) for wish in REASONS}


def _choice(wish: Wish, among: Sequence[ProviderAccount]) -> Choice:
    reasons = tuple(filter(None, (_reason(wish, account) for account in among)))
    tells_speakers = any(accounts.can(account).tells_speakers for account in among)
    is_on = wish is Wish.PUNCTUATION or (wish is Wish.SEPARATION and tells_speakers)
    return Choice(not among or len(reasons) < len(among), reasons, is_on)


def _reason(wish: Wish, account: ProviderAccount) -> str:
    can = accounts.can(account)
    if wish is Wish.SEPARATION and not can.tells_speakers:
        return NO_SPEAKERS.format(name=account.name)
    return "" if can.meets(wish) else REASONS[wish].format(name=account.name)


def asked(wishes: Wishes) -> tuple[str, ...]:
    """Say what was asked for beside a language and a number of speakers."""
    said = {
        f"also {get_text_list([english_name(tag) or tag for tag in wishes.languages], 'and')}": bool(wishes.languages),
        "speakers not told apart": not wishes.separates_speakers,
        "without punctuation": not wishes.punctuates,
        "profanity masked": wishes.masks_profanity,
    }
    return tuple(words for words, is_asked in said.items() if is_asked)


def consequences(account: ProviderAccount, wishes: Wishes) -> tuple[str, ...]:
    """Say what becomes of these wishes that the account's provider can't meet."""
    return _said(account, accounts.can(account).unmet(wishes))


def consequences_live(account: ProviderAccount, wishes: Wishes) -> tuple[str, ...]:
    """Say what becomes of these wishes in a live session with the account's provider."""
    return _said(account, registry.find(account.kind).can_live.unmet(wishes))


def _said(account: ProviderAccount, unmet: Sequence[Wish]) -> tuple[str, ...]:
    return tuple(CONSEQUENCES[wish].format(name=account.name) for wish in unmet if wish in CONSEQUENCES)
