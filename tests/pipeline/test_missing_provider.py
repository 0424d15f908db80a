"""Without a provider uploads are kept, said to wait, and transcribed as soon as there is one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from transcripts import clock
from transcripts.models import ProviderAccount, Recording
from transcripts.services.errors import Refused
from transcripts.services.pipeline import waits
from transcripts.services.provider_accounts import environment
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


@pytest.fixture
def without(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """An instance that has no provider, although an earlier one had."""
    settings.STT_API_ENDPOINT = settings.STT_API_KEY = ""
    ProviderAccount.objects.update(is_environment=False)
    return pipeline


def configure(speech: SpeechProcess, settings: Settings) -> None:
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = speech.url, speech.key
    environment.from_environment()


def next_round(pipeline: Pipeline) -> None:
    """Let the conductor look after what it looks after every half minute."""
    pipeline.conductor.health_at = clock.now()


def test_what_is_uploaded_is_kept_and_transcribed_once_there_is_one(
    without: Pipeline, speech: SpeechProcess, settings: Settings
) -> None:
    recording = without.bring(language="de", speakers=2)
    without.step_once()
    assert not recording.jobs.exists()
    configure(speech, settings)
    next_round(without)
    without.step_once()
    without.until_idle()
    job = without.job(recording)
    assert (job.status, job.language, job.speakers, job.requested_by) == ("succeeded", "de", 2, without.person)
    next_round(without)
    without.step_once()
    assert recording.jobs.count() == 1


def test_a_chosen_provider_without_its_key_loses_no_upload_either(pipeline: Pipeline) -> None:
    fields = {"kind": "speechstream", "endpoint": "http://127.0.0.1:9", "key_variable": "STT_API_KEY_COURT"}
    ProviderAccount.objects.create(name="Court", for_files=True, **fields)
    recording = pipeline.bring()
    assert not recording.jobs.exists()


def test_what_was_deleted_meanwhile_is_not_begun(without: Pipeline, speech: SpeechProcess, settings: Settings) -> None:
    recording = without.bring()
    trash.delete(recording, actor=without.person)
    configure(speech, settings)
    waits.begin_waiting()
    assert not recording.jobs.exists()


def test_the_pages_say_what_is_missing_and_that_nothing_is_lost(without: Pipeline) -> None:
    recording = without.bring()
    client = Client()
    client.force_login(without.person)
    library = client.get(reverse("library")).content.decode()
    assert "set STT_API_ENDPOINT and STT_API_KEY, or WHISPER_MODEL" in library
    assert "Uploads are saved and will be transcribed as soon as there is one." in library
    assert "Waiting for a provider" in library
    assert "The recording is saved" in client.get(recording.get_absolute_url()).content.decode()
    without.person.is_staff = without.person.is_superuser = False
    without.person.save()
    assert "WHISPER_MODEL" not in client.get(reverse("library")).content.decode()


def test_with_a_provider_the_library_says_nothing_of_one(pipeline: Pipeline) -> None:
    client = Client()
    client.force_login(pipeline.person)
    assert "speech-to-text provider" not in client.get(reverse("library")).content.decode()


@pytest.mark.parametrize("language", ["not a tag", "x" * 36])
def test_what_is_no_language_is_refused_all_the_same(without: Pipeline, language: str) -> None:
    with pytest.raises(Refused, match="language tag"):
        without.bring(language=language)


def test_a_terminal_is_told_before_anything_is_sent(without: Pipeline) -> None:
    without.conductor.tick()
    with pytest.raises(CommandError, match="No speech-to-text provider") as refused:
        call_command("transcribe", str(without.tone), stdout=io.StringIO())
    assert refused.value.returncode == 2
    assert not Recording.objects.exists()
