"""Which languages a transcript is in, and whether a person should confirm the one that was detected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts import events
from transcripts.document.languages import by_share
from transcripts.models import Transcript
from transcripts.models.choices import LanguageSource
from transcripts.services import activities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User


# A detection less sure than this is asked about. Above it no two languages can be nearly as probable; below it they
# often are: close relatives such as Danish and Norwegian, a few words after much music, a strong accent.
DOUBT_BELOW = 0.6


def spoken_in(transcript: Transcript, said: Iterable[tuple[str, str]]) -> list[str]:
    """Return the languages of a transcript, the most spoken first; none if none is known.

    `said` has the language and the text of each segment.
    """
    lengths = ((tag or transcript.language, len(text.strip())) for tag, text in said)
    return by_share(lengths) or ([transcript.language] if transcript.language else [])


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
