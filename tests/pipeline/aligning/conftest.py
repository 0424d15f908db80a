"""An engine that answers without times, and aligns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

TEXT = "Good morning everyone. Thank you."


@pytest.fixture
def aligns(pipeline: Pipeline, speech: SpeechProcess) -> Callable[..., None]:
    """Set the script of an engine that answers TEXT without times, and have it say that it aligns."""

    def rescript(**script: Any) -> None:
        speech.rescript({"answer": {"transcription": TEXT, "language": "en"}, "aligns": True} | script)
        health.check_health(pipeline.account)

    return rescript
