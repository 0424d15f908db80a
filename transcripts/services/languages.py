"""Which languages a person may choose for a recording and for live speech."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.models.choices import LanguageSource
from transcripts.providers import registry
from transcripts.services import accounts, processing

if TYPE_CHECKING:
    from transcripts.models import ProcessingJob, ProviderAccount

# Offered where the provider has not said what it knows, the most spoken in newsrooms and courts first.
COMMON = (
    "en", "es", "fr", "de", "pt", "it", "nl", "pl", "uk", "ru", "ar", "he", "fa", "tr", "hi", "bn", "ur", "zh", "ja",
    "ko", "vi", "id", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "bg", "sw",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """The languages to choose from. `chosen` is preselected; empty lets the provider decide."""

    languages: tuple[str, ...]
    chosen: str = ""
    may_be_open: bool = True


def offer() -> Offer:
    """Return what the provider that new recordings go to understands."""
    try:
        known = tuple(accounts.current().languages or ())
    except accounts.NoProvider:
        known = ()
    return _offer_of(known)


def offer_live() -> Offer:
    """Return what the provider that new live sessions go to understands while somebody speaks."""
    try:
        account = accounts.current_live()
    except accounts.NoProvider:
        return Offer(COMMON)
    must_be_told = _told(account)
    if must_be_told:
        return Offer(must_be_told, chosen=must_be_told[0], may_be_open=False)
    return _offer_of(tuple(account.languages or ()))


def refuse_unknown_live(account: ProviderAccount, language: str) -> None:
    """Raise processing.Refused, saying what would serve, where the provider could not listen to this language."""
    must_be_told = _told(account)
    if not must_be_told:
        processing.refuse_unknown_language(account, language)
    elif language.partition("-")[0] not in must_be_told:
        served = ", ".join(must_be_told)
        raise processing.Refused(
            f"{account.name} must be told which language is spoken, one of: {served}. Choose one of these, or ask an "
            "administrator to choose another provider for live speech."
        )


def known_of(job: ProcessingJob, told: str | None) -> tuple[str, str]:
    """Return the language of a job's transcript and how it is known. `told` is what the provider's answer names."""
    known = job.account.languages or []
    language = told or job.language or (known[0] if len(known) == 1 else "")
    if not language:
        return "", ""
    # Who knows one language cannot have looked for it, nor could a person choose another.
    if len(known) == 1 and language.partition("-")[0] == str(known[0]).partition("-")[0]:
        return language, LanguageSource.ASSUMED
    return language, LanguageSource.CHOSEN if job.language else LanguageSource.DETECTED


def _told(account: ProviderAccount) -> tuple[str, ...]:
    """The languages of a kind that listens only where it is told one of them; empty for others."""
    return registry.find(account.kind).live_languages or ()


def _offer_of(known: tuple[str, ...]) -> Offer:
    if not known:
        return Offer(COMMON)
    return Offer(known, chosen=known[0], may_be_open=False) if len(known) == 1 else Offer(known)
