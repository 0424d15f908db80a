"""What people do to recordings, and where they find themselves after it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models.choices import JobStatus, Stage

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories import Cast

BOOSTED = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "shell"}


def test_a_deleted_recording_can_be_taken_back(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    client = client_of(cast.erin)
    page = client.post(reverse("recording_delete", args=[recording.pk]), follow=True).content.decode()
    restore = reverse("recording_restore", args=[recording.pk])
    assert "Moved “<bdi>Council meeting</bdi>” to the trash" in page
    assert f'action="{restore}"' in page
    assert client.get(recording.get_absolute_url()).status_code == 404
    client.post(restore)
    assert client.get(recording.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("vera", 403), ("charlie", 404)])
def test_only_who_may_change_may_take_back(cast: Cast, who: str, status: int) -> None:
    recording = factories.make_recording(cast.team)
    client_of(cast.erin).post(reverse("recording_delete", args=[recording.pk]))
    response = client_of(getattr(cast, who)).post(reverse("recording_restore", args=[recording.pk]))
    assert response.status_code == status


def test_a_verb_leads_back_to_the_library_as_it_was_filtered(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording)
    headers = {**BOOSTED, "HX-Current-URL": "http://testserver/?state=working"}
    response = client_of(cast.erin).post(reverse("recording_cancel", args=[recording.pk]), headers=headers)
    assert response["Location"] == "/?state=working"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "http://testserver//evil.example/"])
def test_a_verb_never_leads_to_another_site(cast: Cast, elsewhere: str) -> None:
    recording = factories.make_recording(cast.team)
    headers = {**BOOSTED, "HX-Current-URL": elsewhere}
    response = client_of(cast.erin).post(reverse("recording_cancel", args=[recording.pk]), headers=headers)
    assert response["Location"] == recording.get_absolute_url()


def test_stopping_cancels_the_job(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    job = factories.make_job(recording)
    client_of(cast.erin).post(reverse("recording_cancel", args=[recording.pk]))
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_a_recording_that_waits_behind_others_is_put_first_with_one_press(cast: Cast) -> None:
    recordings = [factories.make_recording(cast.team, title) for title in ("Early", "Late")]
    for recording in recordings:
        factories.make_job(recording, stage="waiting")
    client, late = client_of(cast.erin), recordings[1]
    assert "Transcribe next" in client.get(late.get_absolute_url()).content.decode()
    client.post(reverse("recording_first", args=[late.pk]))
    page = client.get(late.get_absolute_url()).content.decode()
    assert "Transcribe next" not in page
    assert "next in the queue" in page


def test_trying_again_starts_a_new_job(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, JobStatus.FAILED, language="de")
    client_of(cast.erin).post(reverse("recording_retry", args=[recording.pk]))
    assert list(recording.jobs.order_by("created_at").values_list("status", "language")) == [
        ("failed", "de"),
        ("queued", "de"),
    ]


@pytest.mark.parametrize("language", ["x" * 36, "en\x01", "not a tag"])
def test_running_again_with_what_is_no_language_is_refused(cast: Cast, language: str) -> None:
    recording = factories.make_recording(cast.team)
    url = reverse("recording_retry", args=[recording.pk])
    assert client_of(cast.erin).post(url, {"language": language}).status_code == 302
    assert not recording.jobs.exists()


def test_running_again_takes_the_language_that_was_chosen(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_transcript(recording)
    client_of(cast.erin).post(reverse("recording_retry", args=[recording.pk]), {"language": "fr"})
    assert recording.jobs.latest("created_at").language == "fr"


def test_a_refusal_is_a_sentence_on_the_page(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording)
    url = reverse("recording_retry", args=[recording.pk])
    page = client_of(cast.erin).post(url, {"language": "fr"}, follow=True).content.decode()
    assert "already being transcribed" in page


@pytest.mark.parametrize("form", [{}, {"language": "fr"}])
def test_a_retry_of_a_recording_that_waits_says_for_what(cast: Cast, form: dict[str, str]) -> None:
    recording = factories.make_recording(cast.team)
    job = factories.make_job(recording, stage=Stage.WAITING)
    factories.make_pause(job, timezone.now() + timedelta(minutes=5), "The provider is busy.")
    url = reverse("recording_retry", args=[recording.pk])
    page = client_of(cast.erin).post(url, form, follow=True).content.decode()
    assert "already being transcribed" not in page
    assert "This recording isn’t being transcribed yet: it waits for its turn." in page
    assert re.search(r"waits for its turn\..*The provider is busy\..*The next attempt is in 5 min\.", page)
    assert recording.jobs.count() == 1


def test_a_retry_without_a_provider_says_that_it_waits_for_one(cast: Cast, settings: Settings) -> None:
    settings.STT_API_ENDPOINT = settings.STT_API_KEY = ""
    recording = factories.make_recording(cast.team)
    url = reverse("recording_retry", args=[recording.pk])
    page = client_of(cast.erin).post(url, follow=True).content.decode()
    assert "This recording waits for a speech-to-text provider, and begins automatically once there is one." in page


def test_the_answer_of_the_provider_is_handed_out_byte_for_byte(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    transcript = factories.make_transcript(recording)
    assert transcript.job
    factories.make_answer(transcript.job, b'{"transcription": "h\xc3\xa9"}')
    response = client_of(cast.erin).get(reverse("recording_answer", args=[recording.pk]))
    assert response.content == b'{"transcription": "h\xc3\xa9"}'
    assert response["Content-Disposition"].startswith("attachment;")


def test_where_there_is_no_answer_there_is_nothing_to_hand_out(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    assert client_of(cast.erin).get(reverse("recording_answer", args=[recording.pk])).status_code == 404


def test_undo_of_a_delete_continues_the_work_that_it_stopped(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    factories.make_job(recording, JobStatus.RUNNING, language="de")
    client = client_of(cast.erin)
    client.post(reverse("recording_delete", args=[recording.pk]))
    client.post(reverse("recording_restore", args=[recording.pk]))
    jobs = recording.jobs.order_by("created_at").values_list("status", "language")
    assert list(jobs) == [("cancelled", "de"), ("queued", "de")]


def test_undo_of_a_delete_leaves_cancelled_what_a_person_cancelled_before(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    job = factories.make_job(recording, JobStatus.CANCELLED)
    type(job).objects.filter(pk=job.pk).update(finished_at=clock.now() - timedelta(minutes=1))
    client = client_of(cast.erin)
    client.post(reverse("recording_delete", args=[recording.pk]))
    client.post(reverse("recording_restore", args=[recording.pk]))
    assert recording.jobs.count() == 1


def test_the_page_of_a_deleted_recording_says_until_when_it_is_kept_and_offers_it_back(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, title="Budget debate")
    client_of(cast.erin).post(reverse("recording_delete", args=[recording.pk]))
    for who, offers in ((cast.erin, True), (cast.vera, False)):
        answer = client_of(who).get(recording.get_absolute_url())
        assert answer.status_code == 404
        assert "This recording is in the trash" in answer.content.decode()
        assert ("Restore recording" in answer.content.decode()) == offers
    stranger = client_of(cast.charlie).get(recording.get_absolute_url()).content.decode()
    assert "Budget debate" not in stranger
