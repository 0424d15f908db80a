"""Which languages a person may choose for a recording and for live speech, and which a transcript is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcripts.document.languages import is_same
from transcripts.models import ProcessingJob
from transcripts.models.choices import (
    LanguageSource,
)
from transcripts.providers import registry
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import languages

if TYPE_CHECKING:
    from transcripts.models import ProcessingJob, ProviderAccount

# Offered if the provider has not said what it supports, the most spoken in newsrooms and courts first.
COMMON = (
    "en", "es", "fr", "de", "pt", "it", "nl", "pl", "uk", "ru", "ar", "he", "fa", "tr", "hi", "bn", "ur", "zh", "ja",
    "ko", "vi", "id", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "bg", "sw",
)  # fmt: skip


def refuse_unknown_live(account: ProviderAccount, language: str) -> None:
    """Raise Refused, naming the supported languages, if the provider can't transcribe this one live."""
    must_be_told = told(account)
    if not must_be_told:
        languages.refuse_unknown_language(account, language)
    elif language.partition("-")[0] not in must_be_told:
        served = ", ".join(must_be_told)
        raise Refused(
            "language",
            f"{account.name} can’t detect the language. Choose one of these: {served}; or ask an "
            "administrator to choose another provider for live speech.",
        )


def known_of(job: ProcessingJob, told: str | None) -> tuple[str, str]:
    """Return the language of a job's transcript and how it is known. `told` is what the provider's answer names."""
    return known(job.account, job.language, told)


def known(account: ProviderAccount, chosen: str, told: str | None) -> tuple[str, str]:
    """Return the language of what an account transcribed and how it is known: `chosen` by a person, `told` by it."""
    served = account.languages or []
    language = told or chosen or (served[0] if len(served) == 1 else "")
    if not language:
        return "", ""
    # Who knows one language cannot have looked for it, nor could a person choose another.
    if len(served) == 1 and is_same(language, str(served[0])):
        return language, LanguageSource.ASSUMED
    return language, LanguageSource.CHOSEN if chosen else LanguageSource.DETECTED


def told(account: ProviderAccount) -> tuple[str, ...]:
    """The languages of a kind that transcribes live only if told one of them; empty for others."""
    return registry.find(account.kind).live_languages or ()


# The shape of a BCP-47 tag, and how much of one is kept.
TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


LONGEST_TAG = 35


def refuse_malformed_language(language: str) -> None:
    """Raise Refused for what is no language tag."""
    if language and not (len(language) <= LONGEST_TAG and TAG.fullmatch(language)):
        raise Refused("language", "This isn’t a language tag. Tags look like “en”, “de” or “pt-BR”.")


def refuse_unknown_language(account: ProviderAccount, language: str) -> None:
    """Raise Refused, naming those supported, if the provider does not support the language."""
    refuse_malformed_language(language)
    if not account.knows(language):
        served = ", ".join(account.languages or [])
        raise Refused(
            "language",
            f"{account.engine or account.name} doesn’t support the language “{language}”. It supports: {served}. "
            "Choose one of these, or ask an administrator to configure a provider that supports it.",
        )
