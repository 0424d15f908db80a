"""A transcript that lacks what a provider couldn't transcribe: where it is said, and how it is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.support.slices import WHY, take_a_part
from tests.views.conftest import client_of
from transcripts.models.choices import JobStatus

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def lacking(cast: Cast) -> Transcript:
    """A transcript whose second slice has no words."""
    transcript = factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))
    take_a_part(transcript, 20_000, 41_000)
    return transcript


def test_the_text_says_what_it_lacks_and_why(cast: Cast, lacking: Transcript) -> None:
    html = client_of(cast.erin).get(lacking.get_absolute_url()).content.decode()
    assert '<span class="num">0:20–0:41</span>: couldn’t be transcribed.' in html
    assert f"0:20–0:41 couldn’t be transcribed. {WHY}" in html
    assert "Try the missing part again" in html


def test_the_library_says_that_a_part_is_missing(cast: Cast, lacking: Transcript) -> None:
    assert "Part missing" in client_of(cast.erin).get("/").content.decode()


def test_who_may_only_read_is_offered_nothing(cast: Cast, lacking: Transcript) -> None:
    html = client_of(cast.vera).get(lacking.get_absolute_url()).content.decode()
    assert "couldn’t be transcribed" in html
    assert "Try the missing part again" not in html


def test_an_older_transcript_is_not_said_to_lack_it(cast: Cast, lacking: Transcript) -> None:
    again = factories.make_job(lacking.recording, JobStatus.SUCCEEDED, base_transcript=lacking)
    factories.make_transcript(lacking.recording, job=again)
    html = client_of(cast.erin).get(lacking.get_absolute_url()).content.decode()
    assert "Try the missing part again" not in html


def test_trying_it_again_leads_back_to_the_text(cast: Cast, lacking: Transcript) -> None:
    url = reverse("recording_retry", args=[lacking.recording_id])
    answer = client_of(cast.erin).post(url, {"transcript": ""})
    assert answer.headers["Location"] == lacking.get_absolute_url()
    job = lacking.recording.jobs.latest("created_at")
    assert job.base_transcript == lacking
    assert [chunk.status for chunk in job.chunks.order_by("index")] == ["answered", "pending"]
    assert [step.chunk.index for step in job.steps.select_related("chunk") if step.chunk] == [1]


def test_a_transcript_that_lacks_nothing_is_not_tried_again(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))
    url = reverse("recording_retry", args=[transcript.recording_id])
    html = client_of(cast.erin).post(url, follow=True).content.decode()
    assert "This recording is transcribed completely." in html
    assert transcript.recording.jobs.count() == 1
