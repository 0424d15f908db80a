"""Recordings on their whole way through providers that take short ones alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.pipeline import Pipeline
from transcripts.models import Transcript
from transcripts.providers import registry
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from pathlib import Path

    import redis
    from pytest_django import Settings

    from tests.support.providers.double import Double

KINDS = ["google", "reverie"]


@pytest.fixture(params=KINDS)
def double(request: pytest.FixtureRequest) -> Double:
    found: Double = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def pipeline(
    transactional_db: None,
    redis_client: redis.Redis,
    double: Double,
    settings: Settings,
    tone: Path,
    request: pytest.FixtureRequest,
) -> Pipeline:
    settings.STT_PROVIDER = request.node.callspec.params["double"]
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = double.url, double.key
    return Pipeline(environment.from_environment(), tone)


def test_a_recording_becomes_a_transcript(pipeline: Pipeline, double: Double) -> None:
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    transcript = Transcript.objects.get(recording=recording)
    assert " ".join(segment.text for segment in transcript.segments.all()) == "and so my fellow americans"
    assert (transcript.provider, transcript.language) == (pipeline.account.name, "en")
    assert len(double.billed()) == 1


def test_a_longer_recording_is_refused_before_anything_is_sent(
    pipeline: Pipeline, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = registry.find(pipeline.account.kind)
    assert kind.documented_limits.longest_ms in (60_000, 300_000)
    limits = replace(kind.documented_limits, longest_ms=500)  # the recording lasts a second
    monkeypatch.setitem(registry.KINDS, pipeline.account.kind, replace(kind, documented_limits=limits))
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", "too_long")
    assert job.error_message == "This recording is longer than the provider’s limit of 0.5 seconds. Cut it into parts."
    assert double.ledger("upload") == []
