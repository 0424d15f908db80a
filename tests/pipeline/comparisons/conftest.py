"""A second account with another model at the same scripted server, and a recording that both transcribe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.retranscription import answer, said
from transcripts.models import Comparison, ProviderAccount, Transcript
from transcripts.services.pipeline.comparisons import requests

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

VARIABLE = "STT_API_KEY_COURT"
MINE = "the damn was never build"
THEIRS = "the dam was built for this"


@pytest.fixture
def court(pipeline: Pipeline, speech: SpeechProcess, settings: Settings) -> ProviderAccount:
    """The other account."""
    settings.STT_API_KEYS = {VARIABLE: speech.key}
    fields = {"endpoint": speech.url, "key_variable": VARIABLE, "model": "large", "price_a_minute": 60}
    return ProviderAccount.objects.create(name="Court", kind="speechstream", **fields)


@pytest.fixture
def transcript(pipeline: Pipeline, speech: SpeechProcess, court: ProviderAccount) -> Transcript:
    """What the first account made of a recording."""
    speech.rescript(answer(said(MINE, 0)))
    recording = pipeline.bring()
    pipeline.until_idle()
    speech.rescript(answer(said(THEIRS, 0)))
    return Transcript.objects.get(recording=recording)


def begin(transcript: Transcript, court: ProviderAccount, pipeline: Pipeline) -> Any:
    return requests.compare(transcript, str(court.pk), actor=pipeline.person)


@pytest.fixture
def kept(pipeline: Pipeline, court: ProviderAccount, transcript: Transcript) -> Comparison:
    """What the other account made of it."""
    begin(transcript, court, pipeline)
    pipeline.until_idle()
    return Comparison.objects.get()
