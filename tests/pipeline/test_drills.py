"""Recordings during a drill of the engine: they wait, nothing is sent twice, and afterwards they are transcribed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts.models import ProviderCall, Step, Transcript
from transcripts.services.operating import drills

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

ROUNDS = 4


@pytest.mark.parametrize(("kind", "code"), [("too_many", 429), ("outage", 503)], ids=["too many requests", "outage"])
def test_a_recording_waits_while_the_engine_refuses_and_is_transcribed_afterwards(
    kind: str, code: int, pipeline: Pipeline, drilled: SpeechProcess
) -> None:
    drills.begin(pipeline.account, pipeline.person, kind, "5")
    recording = pipeline.bring()
    for _ in range(ROUNDS):
        pipeline.step_once()
    assert pipeline.job(recording).is_active
    assert Step.objects.get(kind="submit").status == "ready"
    assert ProviderCall.objects.filter(endpoint="upload", status_code=code).exists()
    assert drilled.billed() == []
    assert drills.end(pipeline.account, pipeline.person) == "The drill has ended."
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert len(drilled.billed()) == 1
    assert Transcript.objects.get(recording=recording).word_count == 5


@pytest.mark.parametrize("kind", ["too_many", "outage"])
def test_a_recording_that_the_engine_has_is_fetched_after_the_drill(
    kind: str, pipeline: Pipeline, drilled: SpeechProcess
) -> None:
    drilled.rescript({"seconds": None})
    recording = pipeline.bring()
    pipeline.until(lambda: bool(drilled.billed()))
    drills.begin(pipeline.account, pipeline.person, kind, "5")
    drilled.release()
    for _ in range(ROUNDS):
        pipeline.step_once()
    assert pipeline.job(recording).is_active
    drills.end(pipeline.account, pipeline.person)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert len(drilled.billed()) == 1


@pytest.mark.parametrize("kind", ["slow", "dropped"])
def test_a_recording_is_transcribed_during_a_drill_that_refuses_nothing(
    kind: str, pipeline: Pipeline, drilled: SpeechProcess
) -> None:
    # Answers are late for as long as the drill lasts, at most
    drilled.drill(kind, seconds=2)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert len(drilled.billed()) == 1
