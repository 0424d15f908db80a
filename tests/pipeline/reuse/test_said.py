"""What people read of an answer that was used again, and how they have their recording transcribed anyway."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import Chunk, Grant, ProcessingJob, Recording, Transcript
from transcripts.models.choices import GrantLevel
from transcripts.selectors import reused
from transcripts.selectors.operations.why import why
from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.django_db
UNNAMED = "Same audio and options as an earlier recording of this team: its answer was used, nothing was sent or paid."


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def first(cast: Cast) -> ProcessingJob:
    """The job of a recording that was sent."""
    job = factories.make_job(factories.make_recording(cast.team, "The harbour"), "succeeded", language="en")
    factories.make_transcript(job.recording, job=job)
    return job


@pytest.fixture
def again(cast: Cast, first: ProcessingJob) -> ProcessingJob:
    """The job of a recording with the same audio."""
    job = factories.make_job(factories.make_recording(cast.team, "Harbour again"), "succeeded", language="en")
    factories.make_transcript(job.recording, job=job)
    Chunk.objects.filter(job=job).update(is_reused=True, reused_from=first.chunks.get(), sent_at=None)
    return job


def named(job: ProcessingJob) -> str:
    answered_at = job.chunks.get().answered_at
    return (
        f"Same audio and options as “{job.recording.title}” ({answered_at:%-d %b %Y}): its answer was used, "
        "nothing was sent or paid."
    )


def page(user: User, job: ProcessingJob) -> str:
    return unescape(client_of(user).get(job.transcript.get_absolute_url()).content.decode())


def test_the_page_names_the_recording_and_offers_to_transcribe_anyway(
    cast: Cast, first: ProcessingJob, again: ProcessingJob
) -> None:
    assert named(first) in page(cast.erin, again)
    assert 'id="transcribe-anyway"' in page(cast.erin, again)
    assert "Same audio" not in page(cast.erin, first)


def test_one_who_reads_only_is_told_and_offered_nothing(cast: Cast, first: ProcessingJob, again: ProcessingJob) -> None:
    seen = page(cast.vera, again)
    assert named(first) in seen
    assert "transcribe-anyway" not in seen
    url = reverse("transcript_retranscribe", args=[again.transcript.pk])
    assert client_of(cast.vera).post(url).status_code == 403


def test_one_who_can_not_read_the_other_recording_does_not_learn_its_title(
    cast: Cast, first: ProcessingJob, again: ProcessingJob
) -> None:
    Grant.objects.create(recording=again.recording, user=cast.charlie, level=GrantLevel.VIEW)
    assert UNNAMED in page(cast.charlie, again)
    assert first.recording.title not in page(cast.charlie, again)


def test_one_in_the_trash_or_deleted_is_not_named(cast: Cast, first: ProcessingJob, again: ProcessingJob) -> None:
    Recording.objects.filter(pk=first.recording_id).update(deleted_at=clock.now())
    assert UNNAMED in page(cast.erin, again)
    first.recording.delete()
    assert UNNAMED in page(cast.erin, again)


def test_the_same_recording_is_not_called_another(cast: Cast, first: ProcessingJob) -> None:
    job = factories.make_job(first.recording, "succeeded")
    Chunk.objects.filter(job=job).update(is_reused=True, reused_from=first.chunks.get())
    assert reused.sentence_for(cast.erin, job).startswith("Same audio and options as before (")


def test_some_slices_are_said_to_be_some(cast: Cast, again: ProcessingJob) -> None:
    Chunk.objects.create(job=again, index=1, start_ms=1000, end_ms=2000, status="answered", answer=b"{}")
    assert reused.sentence(again) == (
        "1 of 2 slices have the same audio and options as an earlier recording of this team: their answers were used "
        "again."
    )


def test_console_and_terminal_say_it_without_the_title(cast: Cast, again: ProcessingJob) -> None:
    assert why(Recording.objects.get(pk=again.recording_id)) == ["It is done: there is a transcript.", UNNAMED]
    operator = factories.make_user("Olga Operator", is_staff=True, is_superuser=True)
    url = reverse("admin:transcripts_processingjob_change", args=[again.pk])
    assert client_of(operator).get(url).content.decode().count(UNNAMED) == 2


def test_the_recording_is_not_said_to_be_sent(cast: Cast, again: ProcessingJob) -> None:
    seen = client_of(cast.erin).get(again.recording.get_absolute_url()).content.decode()
    assert "Answer reused" in seen
    assert '<span class="name">Sent</span>' not in seen


def test_transcribe_anyway_asks_the_same_provider_and_looks_for_no_answer(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    health.check_health(pipeline.account)
    for _ in range(2):
        recording = pipeline.bring(pipeline.tone)
        pipeline.until_idle()
    taken = Transcript.objects.get(recording=recording)
    assert Chunk.objects.get(job__transcript=taken).is_reused
    speech.rescript({"answer": "another answer"})
    client = client_of(pipeline.person)
    form = unescape(client.get(taken.get_absolute_url()).content.decode())
    assert f'name="account" value="{pipeline.account.pk}"' in form
    client.post(reverse("transcript_retranscribe", args=[taken.pk]), {"account": pipeline.account.pk})
    pipeline.until_idle()
    newest = recording.transcripts.latest("created_at")
    assert newest != taken
    assert newest.segments.get().text == "another answer"
    assert len(speech.billed()) == 1
    # What a person asked for again is what is found from now on
    third = pipeline.bring(pipeline.tone)
    pipeline.until_idle()
    assert Transcript.objects.get(recording=third).segments.get().text == "another answer"
    assert len(speech.billed()) == 1
