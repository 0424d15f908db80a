"""What the transcript page says of its languages, and what it asks about one that was detected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Activity, Segment, Transcript

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast


def make(cast: Cast, lines: int = 2, **fields: Any) -> Transcript:
    recording = factories.make_recording(cast.team)
    said = [("", "Guten Morgen zusammen."), ("", "Good morning."), ("", "Guten Tag."), ("", "Und nun das Wetter.")]
    return factories.make_transcript(recording, said[:lines], **({"language": "de"} | fields))


def seen_by(user: User, url: str) -> str:
    """The text of a page, without its tags."""
    html = client_of(user).get(url).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("source", "probability", "said"),
    [
        ("detected", 0.97, "German, detected (97 %)"),
        # Nothing that is merely probable is certain
        ("detected", 0.9999, "German, detected (99 %)"),
        ("detected", None, "German (detected)"),
        ("assumed", None, "assumed German"),
        ("chosen", 0.97, "German"),
    ],
)
def test_the_pages_say_how_surely_the_language_was_detected(
    cast: Cast, source: str, probability: float | None, said: str
) -> None:
    transcript = make(cast, language_source=source, language_probability=probability)
    page = client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert f'<span id="language">{said}</span>' in page
    assert f", {said}" in seen_by(cast.vera, transcript.recording.get_absolute_url())


def test_all_languages_of_a_mixed_recording_are_named_and_marked_where_they_begin(cast: Cast) -> None:
    transcript = make(cast, lines=4, language_source="detected", language_probability=0.9)
    Segment.objects.filter(position=1).update(language="en")
    Segment.objects.filter(position=2).update(language="de-AT")
    page = client_of(cast.vera).get(transcript.get_absolute_url()).content.decode()
    assert '<span id="language">German and English (detected)</span>' in page
    assert re.findall(r'class="begins[^>]*>([^<]*)<', page) == ["English", "German"]
    assert '<p dir="auto" lang="en">Good morning.</p>' in page
    assert '<p dir="auto">Guten Morgen zusammen.</p>' in page


def test_an_uncertain_language_is_asked_about_until_an_editor_says_yes(cast: Cast) -> None:
    transcript = make(cast, language_source="detected", language_probability=0.54)
    url, question = transcript.get_absolute_url(), "Is this German? Detected with 54 % certainty."
    assert question in seen_by(cast.erin, url)
    answered = client_of(cast.erin).post(reverse("transcript_language", args=[transcript.pk]), {"language": "de"})
    assert answered["Location"] == url
    transcript.refresh_from_db()
    assert (transcript.language_source, transcript.language_probability) == ("chosen", 0.54)
    assert Activity.objects.get(verb="transcript:language_confirmed").actor == cast.erin
    assert question not in seen_by(cast.erin, url)


@pytest.mark.parametrize(
    ("source", "probability"), [("detected", 0.6), ("detected", None), ("chosen", 0.3), ("assumed", 0.3)]
)
def test_nothing_is_asked_about_a_language_that_is_known(cast: Cast, source: str, probability: float | None) -> None:
    transcript = make(cast, language_source=source, language_probability=probability)
    assert "certainty" not in seen_by(cast.erin, transcript.get_absolute_url())


def test_viewers_see_the_doubt_and_cannot_answer(cast: Cast) -> None:
    transcript = make(cast, language_source="detected", language_probability=0.54)
    page = seen_by(cast.vera, transcript.get_absolute_url())
    assert "German was detected with 54 % certainty." in page
    assert "Yes, it’s German" not in page
    client_of(cast.vera).post(reverse("transcript_language", args=[transcript.pk]), {"language": "de"})
    assert Transcript.objects.get().language_source == "detected"


@pytest.mark.parametrize("language", ["en", ""])
def test_an_answer_counts_for_the_language_that_was_asked_about(cast: Cast, language: str) -> None:
    transcript = make(cast, language_source="detected", language_probability=0.54)
    client_of(cast.erin).post(reverse("transcript_language", args=[transcript.pk]), {"language": language})
    assert Transcript.objects.get().language_source == "detected"


def test_another_language_can_be_chosen_at_the_question(cast: Cast) -> None:
    factories.make_account(languages=["de", "nl"])
    transcript = make(cast, language_source="detected", language_probability=0.54)
    page = client_of(cast.erin).get(transcript.get_absolute_url()).content.decode()
    assert f'action="{reverse("recording_retry", args=[transcript.recording_id])}"' in page
    assert '<option value="nl"' in page
