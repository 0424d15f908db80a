"""Any transcript can be transcribed again: with another provider, language or number of speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import ProviderAccount, Transcript
from transcripts.selectors import retranscription

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> factories.Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: factories.Cast) -> Transcript:
    """The transcript of an upload."""
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))


@pytest.fixture
def court(settings: LazySettings) -> ProviderAccount:
    """A second account with its key, beside one without."""
    settings.STT_API_KEYS = {"COURT_KEY": "secret"}
    ProviderAccount.objects.create(name="Locked", kind="pulse", key_variable="NO_KEY")
    return ProviderAccount.objects.create(name="Court", kind="pulse", key_variable="COURT_KEY")


def ask(cast: factories.Cast, transcript: Transcript, **fields: str) -> str:
    url = reverse("transcript_retranscribe", args=[transcript.pk])
    return client_of(cast.erin).post(url, fields, follow=True).content.decode()


def test_the_transcript_of_an_upload_is_transcribed_again_and_merged(
    cast: factories.Cast, transcript: Transcript
) -> None:
    ask(cast, transcript, language="de", speakers="3")
    job = transcript.recording.jobs.latest("created_at")
    assert (job.base_transcript, job.language, job.speakers) == (transcript, "de", 3)


def test_accounts_that_may_be_used_are_offered_and_chosen(
    cast: factories.Cast, transcript: Transcript, court: ProviderAccount
) -> None:
    state = retranscription.state_of(cast.erin, transcript.pk)
    assert [account.name for account in state.accounts] == ["SpeechStream", "Court"]
    ask(cast, transcript, language="", account=str(court.pk))
    assert transcript.recording.jobs.latest("created_at").account == court


@pytest.mark.parametrize("account", ["99", "Court", "-1"])
def test_an_account_that_cannot_be_used_is_refused(
    cast: factories.Cast, transcript: Transcript, court: ProviderAccount, account: str
) -> None:
    assert "This provider can’t be used any more" in ask(cast, transcript, language="", account=account)
    assert transcript.recording.jobs.count() == 1


def test_a_language_that_the_chosen_account_does_not_know_is_refused(
    cast: factories.Cast, transcript: Transcript, court: ProviderAccount
) -> None:
    ProviderAccount.objects.filter(pk=court.pk).update(languages=["uk"])
    ask(cast, transcript, language="fr", account=str(court.pk))
    assert transcript.recording.jobs.count() == 1


def test_a_viewer_is_offered_nothing(cast: factories.Cast, transcript: Transcript) -> None:
    assert not retranscription.state_of(cast.vera, transcript.pk).accounts
    assert "transcribe-again" not in client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert "transcribe-again" in client_of(cast.erin).get(transcript.get_absolute_url()).content.decode()
