"""A transcript says whether its language was chosen, detected or assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts.models import ProviderAccount, Transcript

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech import SpeechProcess


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
