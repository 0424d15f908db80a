"""What the model of an account can't do is said before anything is sent."""

from __future__ import annotations

import pytest

from transcripts.models import ProviderAccount
from transcripts.providers.capabilities import Wishes
from transcripts.services.provider_accounts import objections, options

WISHED = Wishes(languages=("fr",))
TIMES = "Court doesn’t say when each word was spoken: the times of words are estimated."
SEVERAL = "Court can’t be told that several languages are spoken: the other languages aren’t sent."


def court(kind: str, model: str = "") -> ProviderAccount:
    return ProviderAccount(kind=kind, name="Court", model=model)


@pytest.mark.parametrize(
    ("kind", "model", "said"),
    [
        ("deepgram", "nova-3", ()),
        ("deepgram", "whisper-large", (SEVERAL,)),
        ("openai", "", (TIMES,)),
        ("openai", "whisper-1", (SEVERAL,)),
        ("openai", "gpt-4o-transcribe", (SEVERAL, TIMES)),
        ("speechmatics", "enhanced", (SEVERAL,)),
        ("speechmatics", "melia-1", ()),
        ("assemblyai", "universal-2", (SEVERAL,)),
        ("elevenlabs", "scribe_v2", (SEVERAL,)),
        ("google", "chirp_2", ()),
    ],
)
def test_what_becomes_of_wishes_depends_on_the_model(kind: str, model: str, said: tuple[str, ...]) -> None:
    assert objections.consequences(court(kind, model), WISHED) == said


@pytest.mark.parametrize(
    ("model", "language", "said"),
    [
        ("nova-3", "en", ("Ukrainian",)),
        ("nova-3", "", ("Ukrainian",)),
        ("nova-2", "en", ("French", "Ukrainian")),
        ("nova-3", "uk", ("French",)),
    ],
)
def test_a_language_that_is_not_transcribed_with_the_others_is_said(
    model: str, language: str, said: tuple[str, ...]
) -> None:
    sentence = "Court doesn’t transcribe {} together with the other languages: it isn’t told of it."
    found = objections.consequences(court("deepgram", model), Wishes(languages=("fr", "uk")), language)
    assert found == tuple(map(sentence.format, said))
    assert objections.consequences_live(court("deepgram", model), Wishes(languages=("fr", "uk")), language) == found


@pytest.mark.parametrize(
    ("kind", "model", "reasons"),
    [
        ("google", "", ()),
        ("google", "chirp_2", ("Court can’t tell speakers apart.",)),
        ("openai", "gpt-4o-transcribe-diarize", ("Court always tells speakers apart.",)),
        ("openai", "whisper-1", ("Court can’t tell speakers apart.",)),
    ],
)
def test_an_option_has_the_reason_of_the_model(kind: str, model: str, reasons: tuple[str, ...]) -> None:
    choice = objections.choices([court(kind, model)])["separates_speakers"]
    assert (choice.reasons, choice.is_possible) == (reasons, not reasons)


@pytest.mark.parametrize("kind", ["openai", "elevenlabs"])
def test_speakers_who_are_not_told_apart_live_are_said_before(kind: str) -> None:
    choice = options.offer_live([court(kind)]).wishes["separates_speakers"]
    assert (choice.reasons, choice.is_on) == (("Court can’t tell speakers apart.",), False)


def test_languages_are_offered_that_the_model_transcribes_together() -> None:
    assert options.offer_of_any([court("deepgram", "nova-2")]).others == ("en", "es")
    assert "ja" in options.offer_of_any([court("deepgram")]).others
