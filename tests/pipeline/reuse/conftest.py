"""A provider that is known, and recordings that are transcribed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from transcripts.models import (
    Recording,
    Transcript,
)
from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline

WORDS = "to be or not to be"
FAILURE = {"code": "broken", "message": "The decoder broke."}


@pytest.fixture
def known_engine(pipeline: Pipeline) -> None:
    """The provider was asked which engine it has, which is part of what decides an answer."""
    health.check_health(pipeline.account)


def text_of(recording: Recording) -> list[Any]:
    transcript = Transcript.objects.get(recording=recording)
    return list(transcript.segments.order_by("position").values_list("text", "start_ms", "end_ms", "words"))


def transcribed(pipeline: Pipeline, path: Path | None = None, **options: Any) -> Recording:
    recording = pipeline.bring(path or pipeline.tone, **options)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    return recording
