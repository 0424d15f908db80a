"""The names of speakers that a team has used are offered again, and no other team's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Speaker

if TYPE_CHECKING:
    from transcripts.models import Transcript


def name(transcript: Transcript, key: str, label: str) -> None:
    Speaker.objects.filter(transcript=transcript, key=key).update(label=label, is_named=True)


def names(cast: factories.Cast, transcript: Transcript) -> list[str]:
    found: list[str] = client_of(cast.vera).get(reverse("transcript_names", args=[transcript.pk])).json()["names"]
    return found


def test_names_that_people_gave_are_offered_the_most_recent_first(cast: factories.Cast, edited: Transcript) -> None:
    name(edited, "0", "Olena Marchuk")
    newer = factories.make_transcript(factories.make_recording(cast.team, owner=cast.erin))
    name(newer, "0", "Tomas Berg")
    name(newer, "1", "Olena Marchuk")
    assert names(cast, edited) == ["Olena Marchuk", "Tomas Berg"]


def test_names_of_machines_and_of_other_teams_are_not_offered(cast: factories.Cast, edited: Transcript) -> None:
    other = factories.make_recording(factories.make_team(owner=cast.charlie), owner=cast.charlie)
    name(factories.make_transcript(other), "0", "Secret Source")
    assert names(cast, edited) == []
