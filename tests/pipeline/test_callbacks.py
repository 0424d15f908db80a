"""A provider that calls back is asked immediately; who calls an address that no provider was given changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from transcripts.models import Chunk, ProcessingJob, ProviderAccount, Step, Transcript
from transcripts.models.choices import StepKind, StepStatus
from transcripts.services import callbacks

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import QuerySet
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

PUBLIC = "https://verbatim.example"
LATER = timedelta(minutes=5)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _public(settings: Settings) -> None:
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def job() -> ProcessingJob:
    """A job whose next check is in five minutes, and the last one a minute ago."""
    cast = factories.make_cast()
    made = factories.make_job(factories.make_recording(cast.team, owner=cast.alice), stage="transcribing")
    now = timezone.now()
    check(made).update(due_at=now + LATER, started_at=now - timedelta(minutes=1))
    return made


def check(job: ProcessingJob) -> QuerySet[Step]:
    return Step.objects.filter(job=job, kind=StepKind.CHECK)


def call(address: str) -> int:
    assert address.startswith(PUBLIC)
    response = Client(enforce_csrf_checks=True).post(
        address.removeprefix(PUBLIC), b'{"status": "completed"}', "text/json"
    )
    return response.status_code


def test_a_call_brings_the_check_forward_once(job: ProcessingJob) -> None:
    address = callbacks.address_for(job.chunks.get())
    assert call(address) == 204
    due_at = check(job).get().due_at
    assert due_at <= timezone.now()
    assert call(address) == 204
    assert check(job).get().due_at == due_at


def test_the_interval_of_the_provider_is_kept(job: ProcessingJob) -> None:
    ProviderAccount.objects.filter(pk=job.account_id).update(status_interval_ms=5_000)
    asked_at = timezone.now()
    check(job).update(started_at=asked_at)
    assert call(callbacks.address_for(job.chunks.get())) == 204
    assert check(job).get().due_at == asked_at + callbacks.ANSWERED_WITHIN + timedelta(seconds=5)


def test_a_check_that_is_due_earlier_stays_so(job: ProcessingJob) -> None:
    soon = timezone.now() + timedelta(seconds=1)
    check(job).update(started_at=timezone.now(), due_at=soon)
    assert call(callbacks.address_for(job.chunks.get())) == 204
    assert check(job).get().due_at == soon


def test_a_call_about_one_slice_leaves_the_others(job: ProcessingJob) -> None:
    check(job).delete()
    now = timezone.now()
    steps = []
    for index in (1, 2):
        chunk = Chunk.objects.create(job=job, index=index, end_ms=1_000)
        steps.append(Step.objects.create(job=job, kind=StepKind.CHECK, chunk=chunk, due_at=now + LATER))
    assert call(callbacks.address_for(Chunk.objects.get(index=2))) == 204
    assert [Step.objects.get(pk=step.pk).due_at > timezone.now() for step in steps] == [True, False]


def test_a_call_about_what_is_over_or_gone_is_no_error(job: ProcessingJob) -> None:
    address = callbacks.address_for(job.chunks.get())
    check(job).update(status=StepStatus.DONE)
    before = check(job).values().get()
    assert call(address) == 204
    assert check(job).values().get() == before
    job.recording.delete()
    assert call(address) == 204


def test_an_address_that_no_provider_was_given_is_refused(job: ProcessingJob) -> None:
    address = callbacks.address_for(job.chunks.get())
    before = check(job).values().get()
    path = address.removeprefix(PUBLIC)
    for forged in ("/callbacks/1/", "/callbacks/1.abc/", path.replace("/callbacks/", "/callbacks/9")):
        response = Client().post(forged)
        assert response.status_code == 403
        assert "not given to any provider" in response.content.decode()
    assert Client().get(path).status_code == 405
    assert check(job).values().get() == before


def test_without_a_public_address_no_one_is_told_one(job: ProcessingJob, settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    assert callbacks.address_for(job.chunks.get()) == ""


def test_a_provider_is_told_the_address_and_the_recording_is_transcribed(
    pipeline: Pipeline, speech: SpeechProcess, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    address_for = callbacks.address_for

    def tell(chunk: Chunk) -> str:
        told.append(address_for(chunk))
        return told[-1]

    monkeypatch.setattr(callbacks, "address_for", tell)
    speech.rescript({"answer": "good morning"})
    pipeline.bring(tone)
    pipeline.until_idle()
    assert Transcript.objects.get().segments.get().text == "good morning"
    assert [call(address) for address in told] == [204]
