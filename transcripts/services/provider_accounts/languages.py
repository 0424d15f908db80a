"""Which languages a person may choose for a recording and for live speech, and which a transcript is in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import events
from transcripts.document.languages import by_share, is_same
from transcripts.models import Transcript
from transcripts.models.choices import LanguageSource
from transcripts.providers import registry
from transcripts.services import activities
from transcripts.services.pipeline import jobs
from transcripts.services.pipeline.jobs import MOST_SPEAKERS
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from transcripts.models import ProcessingJob, ProviderAccount, Segment

# Offered where the provider has not said what it knows, the most spoken in newsrooms and courts first.
COMMON = (
    "en", "es", "fr", "de", "pt", "it", "nl", "pl", "uk", "ru", "ar", "he", "fa", "tr", "hi", "bn", "ur", "zh", "ja",
    "ko", "vi", "id", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "bg", "sw",
)  # fmt: skip

# A detection less sure than this is asked about. Above it no two languages can be nearly as probable; below it they
# often are: close relatives such as Danish and Norwegian, a few words after much music, a strong accent.
DOUBT_BELOW = 0.6


@dataclass(frozen=True, slots=True)
class Offer:
    """The languages to choose from, and the numbers of speakers if the provider takes one.

    `chosen` is preselected; empty has the provider detect it.
    """

    languages: tuple[str, ...]
    chosen: str = ""
    may_be_open: bool = True
    speakers: tuple[int, ...] = ()


def offer() -> Offer:
    """Return what the provider that new recordings go to understands."""
    try:
        account = accounts.current()
    except accounts.NoProvider:
        return _offer_of(())
    counts = tuple(range(1, MOST_SPEAKERS + 1)) if accounts.takes_speakers(account) else ()
    return replace(_offer_of(tuple(account.languages or ())), speakers=counts)


def spoken_in(transcript: Transcript, segments: Iterable[Segment]) -> list[str]:
    """Return the languages of a transcript, the most spoken first; none if none is known."""
    spoken = ((segment.language or transcript.language, len(segment.text.strip())) for segment in segments)
    return by_share(spoken) or ([transcript.language] if transcript.language else [])


def is_doubtful(transcript: Transcript) -> bool:
    """Tell whether a person should say if the language was detected correctly."""
    probability = transcript.language_probability
    is_detected = transcript.language_source == LanguageSource.DETECTED
    return is_detected and probability is not None and probability < DOUBT_BELOW


@transaction.atomic
def confirm(transcript: Transcript, *, language: str, actor: User) -> bool:
    """Store that a person says that the detected language is right; False if it is not what is stored any more."""
    asked = Transcript.objects.filter(pk=transcript.pk, language=language, language_source=LanguageSource.DETECTED)
    if not language or not asked.update(language_source=LanguageSource.CHOSEN):
        return False
    activities.record("transcript:language_confirmed", transcript.recording, actor=actor, language=language)
    events.publish("recording.changed", transcript.recording)
    return True


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
        jobs.refuse_unknown_language(account, language)
    elif language.partition("-")[0] not in must_be_told:
        served = ", ".join(must_be_told)
        raise jobs.Refused(
            f"{account.name} must be told which language is spoken, one of: {served}. Choose one of these, or ask an "
            "administrator to choose another provider for live speech."
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


def _told(account: ProviderAccount) -> tuple[str, ...]:
    """The languages of a kind that listens only where it is told one of them; empty for others."""
    return registry.find(account.kind).live_languages or ()


def _offer_of(known: tuple[str, ...]) -> Offer:
    if not known:
        return Offer(COMMON)
    return Offer(known, chosen=known[0], may_be_open=False) if len(known) == 1 else Offer(known)
