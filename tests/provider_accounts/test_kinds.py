"""Recordings on their whole way through providers that are asked until they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from transcripts.models import Chunk, ProviderCall, Transcript
from transcripts.services.provider_accounts import health, options

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.providers.double import Double

KINDS = ["assemblyai", "rev", "speechmatics"]


each = pytest.mark.parametrize("double", KINDS, indirect=True)


@each
def test_a_recording_becomes_a_transcript_with_two_speakers(through: Pipeline, double: Double) -> None:
    recording = through.bring(language="en", speakers=None)
    through.until_idle()
    assert through.job(recording).status == "succeeded"
    transcript = Transcript.objects.get(recording=recording)
    assert transcript.provider == transcript.engine == through.account.name
    first, second = transcript.segments.select_related("speaker")
    assert (first.text, str(first.speaker), first.start_ms) == ("and so", "Speaker 1", 100)
    assert second.words[0] == ["my", 700, 900, 0.95, "measured"]
    assert len(double.billed()) == 1


@each
def test_an_upload_whose_answer_got_lost_is_marked_for_the_bill(through: Pipeline, double: Double) -> None:
    double.rescript({"faults": [{"on": "upload", "nth": 1, "do": "reset_before_answer"}]})
    recording = through.bring(language="en")
    through.until_idle()
    assert through.job(recording).status == "succeeded"
    assert Chunk.objects.get().resends == 1
    assert ProviderCall.objects.filter(endpoint="upload", outcome="unknown").count() == 1


@each
def test_a_failure_ends_the_job_with_the_providers_sentence(through: Pipeline, double: Double) -> None:
    double.rescript({"failure": {"code": "invalid_media", "message": "The file has no speech that can be read"}})
    recording = through.bring(language="en")
    through.until_idle()
    job: Any = through.job(recording)
    assert job.status == "failed"
    assert "The file has no speech that can be read" in job.error_message


@pytest.mark.parametrize("double", ["assemblyai"], indirect=True)
def test_bytes_that_got_lost_are_no_ones_bill(through: Pipeline, double: Double) -> None:
    double.rescript({"faults": [{"on": "bytes", "nth": 1, "do": "reset_before_answer"}]})
    recording = through.bring(language="en")
    through.until_idle()
    assert through.job(recording).status == "succeeded"
    assert Chunk.objects.get().resends == 0
    assert len(double.billed()) == 1


@pytest.mark.parametrize(("double", "is_open"), [("assemblyai", True), ("rev", False)], indirect=["double"])
def test_a_language_is_left_open_only_to_who_detects_one(through: Pipeline, *, is_open: bool) -> None:
    health.check_health(through.account)
    offered = options.offer()
    assert (offered.may_be_open, offered.chosen) == (is_open, "" if is_open else "en")
