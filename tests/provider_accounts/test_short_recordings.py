"""Recordings on their whole way through providers that take short ones alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from transcripts.models import Transcript
from transcripts.providers import registry

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.providers.double import Double

KINDS = ["google", "reverie"]


pytestmark = pytest.mark.parametrize("double", KINDS, indirect=True)


def test_a_recording_becomes_a_transcript(through: Pipeline, double: Double) -> None:
    recording = through.bring(language="en")
    through.until_idle()
    assert through.job(recording).status == "succeeded"
    transcript = Transcript.objects.get(recording=recording)
    assert " ".join(segment.text for segment in transcript.segments.all()) == "and so my fellow americans"
    assert (transcript.provider, transcript.language) == (through.account.name, "en")
    assert len(double.billed()) == 1


def test_a_recording_that_no_slice_can_help_is_refused_before_anything_is_sent(
    through: Pipeline, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = registry.find(through.account.kind)
    assert kind.documented_limits.longest_ms in (60_000, 300_000)
    limits = replace(kind.documented_limits, longest_ms=500)  # the recording lasts a second
    monkeypatch.setitem(registry.KINDS, through.account.kind, replace(kind, documented_limits=limits))
    recording = through.bring(language="en")
    through.until_idle()
    job = through.job(recording)
    assert (job.status, job.error_code) == ("failed", "too_long")
    assert job.error_message == (
        "This recording is longer than the provider’s limit of 0.5 seconds. That is too little to send it in slices. "
        "Ask an administrator to choose another provider."
    )
    assert double.ledger("upload") == []
