"""Options of a transcription on pages: what a provider can't do is disabled and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import ProviderAccount, TeamDefaults, Transcript
from transcripts.providers.capabilities import Wishes
from transcripts.services import vocabulary

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    use("deepgram")
    return transcript


def use(kind: str, **fields: Any) -> None:
    ProviderAccount.objects.update(kind=kind, name="Court", for_files=True, languages=None, **fields)


def page(user: User, url: str) -> str:
    return " ".join(client_of(user).get(url).content.decode().split())


def test_what_a_provider_can_not_do_is_disabled_with_its_reason(cast: Cast, transcript: Transcript) -> None:
    form = reverse("upload_options") + f"?team={cast.team.slug}"
    assert "can’t mask profanity" not in page(cast.erin, form)
    use("speechmatics")
    seen = page(cast.erin, form)
    assert "Court can’t mask profanity." in seen
    assert "Court always writes punctuation and figures." in seen
    assert "always tells speakers apart" not in seen
    assert 'type="hidden" name="masks_profanity"' not in seen
    use("openai", model="gpt-4o-transcribe-diarize")
    assert "Court always tells speakers apart." in page(cast.erin, form)
    use("openai", model="whisper-1")
    assert "Court can’t tell speakers apart." in page(cast.erin, form)


def test_a_default_of_the_team_that_can_not_be_met_is_said_before(cast: Cast, transcript: Transcript) -> None:
    TeamDefaults.objects.create(team=cast.team, masks_profanity=True)
    use("speechmatics")
    said = "Court doesn’t mask profanity: swear words will be in the text."
    assert said in page(cast.erin, reverse("upload_options") + f"?team={cast.team.slug}")
    assert said in page(cast.alice, reverse("team_defaults", args=[cast.team.slug]))


def test_transcribing_again_asks_for_what_the_form_says(cast: Cast, transcript: Transcript) -> None:
    form = {
        "language": "en",
        "languages": ["", "fr", "es"],
        "punctuates": ["no", "yes"],
        "masks_profanity": ["no", "yes"],
        "separates_speakers": "no",
    }
    client_of(cast.erin).post(reverse("transcript_retranscribe", args=[transcript.pk]), form)
    job = transcript.recording.jobs.latest("created_at")
    assert job.wishes == Wishes(None, ("fr", "es"), separates_speakers=False, masks_profanity=True)
    seen = page(cast.vera, transcript.recording.get_absolute_url())
    assert ", also French and Spanish, speakers not told apart, profanity masked" in seen


def test_defaults_of_a_team_are_stored(cast: Cast) -> None:
    url = reverse("team_defaults", args=[cast.team.slug])
    form = {"retention_days": "0", "languages": ["", "de"], "punctuates": "no", "masks_profanity": ["no", "yes"]}
    client_of(cast.alice).post(url, form)
    wished = Wishes(None, ("de",), punctuates=False, masks_profanity=True)
    assert TeamDefaults.wishes_of(cast.team.pk) == wished


def test_a_team_sees_that_its_terms_are_sent(cast: Cast, transcript: Transcript) -> None:
    vocabulary.add(cast.team, vocabulary.Wish("thalweg"), actor=cast.erin)
    url = reverse("vocabulary", args=[cast.team.slug])
    assert "is sent to Court with each recording: 1 term." in page(cast.vera, url)
    client_of(cast.erin).post(url, {"term": "Talweg", "language": "de"})
    assert vocabulary.of(cast.team).terms.get(term="Talweg").language == "de"
