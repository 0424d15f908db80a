"""The terms of a team on their way to the engine of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcripts.providers.base import Options, Term
from transcripts.providers.speechstream.files import _wishes
from transcripts.services import vocabulary
from transcripts.services.vocabulary import Wish

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def test_terms_are_sent_with_the_audio_the_weightiest_first(pipeline: Pipeline, speech: SpeechProcess) -> None:
    team = pipeline.person.personal_team
    vocabulary.add(team, Wish("Kakhovka"), actor=pipeline.person)
    vocabulary.add(team, Wish("thalweg", weight=2), actor=pipeline.person)
    pipeline.bring()
    pipeline.until_idle()
    assert [upload["options"].get("vocabulary") for upload in speech.ledger("upload")] == ["thalweg, Kakhovka"]


def test_a_team_without_terms_sends_none(pipeline: Pipeline, speech: SpeechProcess) -> None:
    pipeline.bring()
    pipeline.until_idle()
    assert ["vocabulary" in upload["options"] for upload in speech.ledger("upload")] == [False]


def test_a_term_with_a_comma_would_be_two() -> None:
    assert _wishes(Options(vocabulary=(Term("Berg, Tomas"), Term("thalweg")))) == {"vocabulary": "thalweg"}
