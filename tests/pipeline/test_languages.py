"""A transcript says whether its language was chosen, detected or assumed, how surely, and which others are in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from transcripts.models import ProviderAccount, Transcript
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


@pytest.mark.parametrize(
    ("known", "chosen", "told", "expected"),
    [
        (None, "", "german", ("de", "detected")),
        (["en", "de"], "", "de-AT", ("de-AT", "detected")),
        (["en", "de"], "de", None, ("de", "chosen")),
        (["en"], "", "en", ("en", "assumed")),
        (["en"], "", None, ("en", "assumed")),
        (["en"], "en", "en", ("en", "assumed")),
        (["en", "de"], "", None, ("", "")),
    ],
)
def test_how_the_language_is_known(
    pipeline: Pipeline,
    speech: SpeechProcess,
    known: list[str] | None,
    chosen: str,
    told: str | None,
    expected: tuple[str, str],
) -> None:
    health = {"languages": known, "engine": "scripted"}
    speech.rescript({"answer": {"transcription": "words", "language": told}, **health})
    ProviderAccount.objects.update(languages=known)
    pipeline.bring(language=chosen)
    pipeline.until_idle()
    transcript = Transcript.objects.get()
    assert (transcript.language, transcript.language_source) == expected


MIXED = {
    "transcription": "Guten Morgen zusammen. Good morning. Und jetzt das Wetter.",
    "language": "de",
    "language_probability": 0.97,
    "segments": [
        {"start": 0.0, "end": 2.0, "text": "Guten Morgen zusammen.", "language": "de"},
        {"start": 2.0, "end": 3.0, "text": "Good morning.", "language": "english"},
        {"start": 3.0, "end": 5.0, "text": "Und jetzt das Wetter."},
    ],
}


@pytest.mark.parametrize(
    ("chosen", "probability", "expected"),
    [("", 0.97, 0.97), ("", None, None), ("", "sure", None), ("", 1.7, 1.0), ("de", 0.97, None)],
)
def test_how_sure_the_detection_was_is_kept(
    pipeline: Pipeline, speech: SpeechProcess, chosen: str, probability: object, expected: float | None
) -> None:
    speech.rescript({"answer": MIXED | {"language_probability": probability}})
    pipeline.bring(language=chosen)
    pipeline.until_idle()
    assert Transcript.objects.get().language_probability == expected


def test_every_segment_keeps_its_language(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": MIXED})
    pipeline.bring()
    pipeline.until_idle()
    transcript = Transcript.objects.get()
    assert list(transcript.segments.values_list("language", flat=True)) == ["de", "en", ""]
    exported = json.loads(exports.export(transcript, "json").content)
    assert [segment["language"] for segment in exported["segments"]] == ["de", "en", "de"]
    assert (exported["language"], exported["language_probability"]) == ("de", 0.97)


def test_without_a_language_of_the_whole_it_is_that_of_most_of_the_text(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"answer": {name: value for name, value in MIXED.items() if name != "language"}})
    pipeline.bring()
    pipeline.until_idle()
    transcript = Transcript.objects.get()
    assert (transcript.language, transcript.language_source) == ("de", "detected")
