"""What providers can't do of what people wish, said before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from transcripts.providers.capabilities import NAMES, Wish
from transcripts.providers.parsing.language_tags import english_name
from transcripts.services.provider_accounts import accounts
from transcripts.services.provider_accounts.wishes import left_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transcripts.models import ProviderAccount
    from transcripts.providers.capabilities import Capabilities, Wishes

REASONS = {
    Wish.LANGUAGES: "{name} can’t be told that several languages are spoken.",
    Wish.SEPARATION: "{name} always tells speakers apart.",
    Wish.PUNCTUATION: "{name} always writes punctuation and figures.",
    Wish.PROFANITY: "{name} can’t mask profanity.",
}
NO_SPEAKERS = "{name} can’t tell speakers apart."
NO_TIMES = "{name} doesn’t say when each word was spoken: the times of words are estimated."
NOT_TOGETHER = "{name} doesn’t transcribe {language} together with the other languages: it isn’t told of it."
# What becomes of a recording whose team wishes what its provider can't do.
CONSEQUENCES = {
    Wish.LANGUAGES: "{name} can’t be told that several languages are spoken: the other languages aren’t sent.",
    Wish.SPEAKERS: "{name} can’t be told how many people speak: it detects that.",
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
    return _choices([(account.name, accounts.can(account)) for account in among])


def choices_live(among: Sequence[ProviderAccount]) -> Mapping[str, Choice]:
    """Return the choice of each wish by its name, if a live session goes to one of these accounts."""
    return _choices([(account.name, accounts.can_live(account)) for account in among])


def _choices(among: Sequence[tuple[str, Capabilities]]) -> Mapping[str, Choice]:
    return {NAMES[wish]: _choice(wish, among) for wish in REASONS}


def _choice(wish: Wish, among: Sequence[tuple[str, Capabilities]]) -> Choice:
    reasons = tuple(filter(None, (_reason(wish, name, can) for name, can in among)))
    tells_speakers = any(can.tells_speakers for _, can in among)
    is_on = wish is Wish.PUNCTUATION or (wish is Wish.SEPARATION and tells_speakers)
    return Choice(not among or len(reasons) < len(among), reasons, is_on)


def _reason(wish: Wish, name: str, can: Capabilities) -> str:
    if wish is Wish.SEPARATION and not can.tells_speakers:
        return NO_SPEAKERS.format(name=name)
    return "" if can.meets(wish) else REASONS[wish].format(name=name)


def asked(wishes: Wishes) -> tuple[str, ...]:
    """Say what was asked for beside a language and a number of speakers."""
    said = {
        f"also {get_text_list([english_name(tag) or tag for tag in wishes.languages], 'and')}": bool(wishes.languages),
        "speakers not told apart": not wishes.separates_speakers,
        "without punctuation": not wishes.punctuates,
        "profanity masked": wishes.masks_profanity,
    }
    return tuple(words for words, is_asked in said.items() if is_asked)


def consequences(account: ProviderAccount, wishes: Wishes, language: str = "") -> tuple[str, ...]:
    """Say what becomes of these wishes that the account's provider can't meet; an empty language is detected."""
    return _said(account, accounts.can(account), wishes, language)


def consequences_live(account: ProviderAccount, wishes: Wishes, language: str = "") -> tuple[str, ...]:
    """Say what becomes of these wishes in a live session with the account's provider."""
    return _said(account, accounts.can_live(account), wishes, language)


def _said(account: ProviderAccount, can: Capabilities, wishes: Wishes, language: str) -> tuple[str, ...]:
    said = [_consequence(wish, can).format(name=account.name) for wish in can.unmet(wishes) if wish in CONSEQUENCES]
    if can.meets(Wish.LANGUAGES):
        named = [english_name(tag) or tag for tag in left_out(account, can, wishes, language)]
        said += [NOT_TOGETHER.format(name=account.name, language=one) for one in named]
    return (*said, *(() if can.times_words else (NO_TIMES.format(name=account.name),)))


def _consequence(wish: Wish, can: Capabilities) -> str:
    is_about_speakers = wish in (Wish.SPEAKERS, Wish.SEPARATION)
    return NO_SPEAKERS if is_about_speakers and not can.tells_speakers else CONSEQUENCES[wish]
