"""A term applied to the transcripts that a team has: each place is shown first, and all is taken back together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.support import edits
from tests.views.conftest import client_of
from transcripts.models import Edit, Segment
from transcripts.services import archive, vocabulary
from transcripts.services.transcript.review import claims
from transcripts.services.vocabulary import Wish

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Term, Transcript

pytestmark = pytest.mark.django_db

SAID = [("A", "Tall vague moved. So the tall vague."), ("B", "tall vaguely, a stall vague")]


@pytest.fixture
def transcripts(cast: Cast) -> list[Transcript]:
    return [factories.make_transcript(factories.make_recording(cast.team), SAID) for _ in range(2)]


@pytest.fixture
def term(cast: Cast) -> Term:
    return vocabulary.add(cast.team, Wish("thalweg", "tall vague"), actor=cast.erin)


def texts(transcript: Transcript) -> list[str]:
    return list(transcript.segments.values_list("text", flat=True))


def test_whole_words_are_found_with_their_audio(transcripts: list[Transcript], term: Term, cast: Cast) -> None:
    found = archive.hits(term, cast.vera)
    assert [(hit.was, hit.first, hit.start_ms, hit.end_ms) for hit in found] == [
        ("Tall vague", 0, 0, 1_800),
        ("tall vague", 25, 1_000, 3_800),
    ] * 2
    assert archive.hits(term, cast.charlie) == []


def test_the_chosen_places_are_changed_by_an_edit_a_transcript_and_taken_back(
    transcripts: list[Transcript], term: Term, cast: Cast
) -> None:
    url = reverse("vocabulary_archive", args=[cast.team.slug, term.pk])
    client = client_of(cast.erin)
    names = [hit.name for hit in archive.hits(term, cast.erin)]
    page = client.post(url, {"hit": names[:3]})
    assert "Applied in 2 transcripts." in " ".join(page.content.decode().split())
    newest, older = sorted(transcripts, key=lambda one: one.created_at, reverse=True)
    assert texts(newest)[0] == "Thalweg moved. So the thalweg."
    assert texts(older)[0] == "Thalweg moved. So the tall vague."
    assert [edit.author for edit in Edit.objects.all()] == [cast.erin, cast.erin]
    edits.set_text(Segment.objects.get(transcript=older, key="s1"), "tall vaguely", actor=cast.alice)
    client.post(reverse("vocabulary_archive_undo", args=[cast.team.slug]), {"undo": page.context["undo"]})
    assert texts(newest) == [text for _, text in SAID]
    assert texts(older) == [SAID[0][1], "tall vaguely"]


def test_a_place_that_changed_since_the_preview_is_left_alone(
    transcripts: list[Transcript], term: Term, cast: Cast
) -> None:
    names = {hit.name for hit in archive.hits(term, cast.erin) if hit.transcript == transcripts[0]}
    edits.set_text(transcripts[0].segments.get(key="s0"), "So the tall vague.", actor=cast.alice)
    assert archive.apply(term, names, actor=cast.erin).applied == []
    assert texts(transcripts[0])[0] == "So the tall vague."


def test_what_another_has_claimed_is_left_alone_and_the_rest_can_be_taken_back(
    transcripts: list[Transcript], term: Term, cast: Cast
) -> None:
    claims.claim(transcripts[0], "s0", "s1", actor=cast.alice)
    names = {hit.name for hit in archive.hits(term, cast.erin)}
    outcome = archive.apply(term, names, actor=cast.erin)
    assert [pk for pk, _ in outcome.applied] == [str(transcripts[1].pk)]
    [refusal] = outcome.refusals
    assert refusal.startswith(f"{transcripts[0].recording.title}: ")
    assert texts(transcripts[0])[0] == SAID[0][1]
    archive.undo(outcome.applied, actor=cast.erin)
    assert texts(transcripts[1])[0] == SAID[0][1]


def test_no_one_takes_back_what_another_applied(transcripts: list[Transcript], term: Term, cast: Cast) -> None:
    url = reverse("vocabulary_archive", args=[cast.team.slug, term.pk])
    names = [hit.name for hit in archive.hits(term, cast.erin)]
    undo = client_of(cast.erin).post(url, {"hit": names}).context["undo"]
    for text in (undo, undo + "x", ""):
        client_of(cast.alice).post(reverse("vocabulary_archive_undo", args=[cast.team.slug]), {"undo": text})
    assert texts(transcripts[0])[0] == "Thalweg moved. So the thalweg."


def test_a_term_without_a_list_has_no_places(transcripts: list[Transcript], cast: Cast) -> None:
    term = vocabulary.add(cast.team, Wish("moved"), actor=cast.erin)
    assert archive.hits(term, cast.erin) == []
