"""What pages say of the number of speakers, and how a person corrects it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import ProviderAccount, Transcript

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast

FORM = 'id="speakers-counted"'


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    """Two speakers, told apart by their voices."""
    return factories.make_transcript(factories.make_recording(cast.team), has_estimated_speakers=True)


def page(user: User, url: str) -> str:
    return " ".join(client_of(user).get(url).content.decode().split())


def test_an_estimate_is_called_one_and_can_be_corrected(cast: Cast, transcript: Transcript) -> None:
    seen = page(cast.erin, transcript.get_absolute_url())
    assert '2 speakers<span class="detail"> (estimated)</span>' in seen
    assert '<option value="2" selected>2</option>' in seen
    url = reverse("transcript_speakers", args=[transcript.pk])
    answered = client_of(cast.erin).post(url, {"speakers": "3"})
    assert answered["Location"] == transcript.recording.get_absolute_url()
    job = transcript.recording.jobs.latest("created_at")
    assert (job.speakers, job.base_transcript) == (3, transcript)
    assert ", 3 speakers requested" in page(cast.vera, transcript.recording.get_absolute_url())


def test_exact_speakers_are_not_called_an_estimate_nor_corrected(cast: Cast, transcript: Transcript) -> None:
    Transcript.objects.update(has_estimated_speakers=False)
    seen = page(cast.erin, transcript.get_absolute_url())
    assert '<span id="speakers">2 speakers</span>' in seen
    assert FORM not in seen


def test_viewers_see_the_estimate_alone(cast: Cast, transcript: Transcript) -> None:
    seen = page(cast.vera, transcript.get_absolute_url())
    assert '2 speakers<span class="detail"> (estimated)</span>' in seen
    assert FORM not in seen


def test_speakers_that_were_not_separated_can_be(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team), [("", "Good morning.")])
    seen = page(cast.erin, transcript.get_absolute_url())
    assert "Separate speakers" in seen
    assert FORM in seen


@pytest.mark.parametrize("address", ["upload", "recording", "transcript"])
def test_no_number_is_asked_for_that_the_provider_does_not_take(
    cast: Cast, transcript: Transcript, address: str
) -> None:
    urls = {
        "upload": reverse("upload_options"),
        "recording": transcript.recording.get_absolute_url(),
        "transcript": transcript.get_absolute_url(),
    }
    assert 'data-picker="speakers"' in page(cast.erin, urls[address])
    ProviderAccount.objects.update(kind="pulse", for_files=True, name="Court")
    assert 'data-picker="speakers"' not in page(cast.erin, urls[address])


def test_a_number_that_makes_no_sense_is_refused_on_the_page(cast: Cast, transcript: Transcript) -> None:
    url = reverse("transcript_speakers", args=[transcript.pk])
    answered = client_of(cast.erin).post(url, {"speakers": "many"}, follow=True).content.decode()
    assert "The number of speakers must be from 1 to 20" in answered
    assert transcript.recording.jobs.count() == 1


def test_transcribing_again_takes_a_number_beside_the_language(cast: Cast, transcript: Transcript) -> None:
    url = reverse("recording_retry", args=[transcript.recording_id])
    client_of(cast.erin).post(url, {"language": "fr", "speakers": "4"})
    job = transcript.recording.jobs.latest("created_at")
    assert (job.language, job.speakers, job.base_transcript) == ("fr", 4, None)


def test_the_old_transcript_leads_to_the_separated_one(cast: Cast, transcript: Transcript) -> None:
    job = factories.make_job(transcript.recording, "succeeded", base_transcript=transcript)
    newer = factories.make_transcript(transcript.recording, job=job)
    assert f'href="{newer.get_absolute_url()}"' in page(cast.vera, transcript.get_absolute_url())
