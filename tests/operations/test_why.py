"""Why is it not done? The same words on the page, in the console and in the terminal."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from tests import factories
from transcripts import queue
from transcripts.models import Lease, ProcessingJob, ProviderAccount, Recording, Step
from transcripts.models.choices import JobStatus, Stage, StepKind, StepStatus
from transcripts.selectors.operations.why import why
from transcripts.services.provider_accounts import pausing

if TYPE_CHECKING:
    from django.test import Client

    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> None:
    Lease.objects.create(name="conductor", owner="x", until=timezone.now() + timedelta(hours=1))
    seen = queue.WorkerSeen("w", ("media", "provider", "default"), False, timezone.now())
    monkeypatch.setattr(queue, "workers", lambda: [seen])


def waiting(cast: Cast, **fields: object) -> ProcessingJob:
    """Make a job that waits to be sent."""
    job = factories.make_job(factories.make_recording(cast.team), stage=Stage.WAITING)
    job.steps.all().delete()
    defaults = {"kind": StepKind.SUBMIT, "status": StepStatus.READY, "due_at": timezone.now(), **fields}
    Step.objects.create(job=job, **defaults)
    return job


def said(job: ProcessingJob) -> str:
    return " ".join(why(Recording.objects.get(pk=job.recording_id)))


def test_a_recording_in_the_queue_says_its_position(cast: Cast, running: None) -> None:
    waiting(cast)
    second = waiting(cast)
    assert "It is number 2 in the queue" in said(second)


def test_a_step_that_failed_says_why_and_when_it_is_tried_again(cast: Cast, running: None) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    text = said(waiting(cast, last_error="The provider asked us to wait", due_at=soon, attempts=2))
    assert text.startswith("The provider asked us to wait.")
    assert "2 attempts failed and are retried." in text
    assert "The next attempt is in 10 min." in text


def test_a_paused_account_is_the_reason(cast: Cast, running: None) -> None:
    job = waiting(cast)
    pausing.pause(ProviderAccount.objects.get())
    assert said(job).startswith("An operator paused the provider “SpeechStream”.")
    assert "about" not in said(job)


def test_without_processes_it_says_so(cast: Cast) -> None:
    job = waiting(cast)
    assert "No process of this instance is working" in said(job)
    Lease.objects.create(name="conductor", owner="x", until=timezone.now() + timedelta(hours=1))
    assert "No worker that does this is running" in said(job)


def test_what_failed_says_what_to_do(cast: Cast) -> None:
    job = factories.make_job(
        factories.make_recording(cast.team), JobStatus.FAILED, error_code="no_sound", error_message="No audio."
    )
    assert said(job).startswith("No audio. Retry on the recording’s page")


def test_a_finished_recording_is_done(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    assert why(Recording.objects.get(pk=transcript.recording_id)) == ["It is done: there is a transcript."]


def test_page_and_terminal_say_the_same(cast: Cast, client: Client, running: None) -> None:
    job = waiting(cast)
    client.force_login(cast.erin)
    page = client.get(job.recording.get_absolute_url()).content.decode()
    written = io.StringIO()
    call_command("why", str(job.recording_id), stdout=written)
    sentences = why(Recording.objects.get(pk=job.recording_id))
    assert sentences
    assert all(sentence in page and sentence in written.getvalue() for sentence in sentences)


def test_the_command_finds_by_title_and_says_if_there_is_none(cast: Cast) -> None:
    factories.make_recording(cast.team, "Budget hearing")
    written = io.StringIO()
    call_command("why", "budget", stdout=written)
    assert "Budget hearing" in written.getvalue()
    with pytest.raises(CommandError, match="no such recording"):
        call_command("why", "nothing of the kind")
