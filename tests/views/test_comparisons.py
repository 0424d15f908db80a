"""The page that compares two providers' texts, and what the page of the transcript says of comparisons."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.certificates.test_issuing import approve
from tests.support.edits import set_text
from tests.views.conftest import client_of
from transcripts.models import Comparison, ImportedFile, Recording, Transcript
from transcripts.selectors.comparisons.page import SideBySide, side_by_side
from transcripts.selectors.teams.activity import WORDS
from transcripts.services import summaries

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast

pytestmark = pytest.mark.django_db
LINES = [("Anna", "Hold the paige, please 🎙 now."), ("Ben", "Thursday works.")]
OTHER = "Hold the page please 🎙 now Thursday works"


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team), LINES)


@pytest.fixture
def kept(transcript: Transcript) -> Comparison:
    return factories.make_comparison(transcript, OTHER)


def compared(user: User, transcript: Transcript, kept: Comparison) -> SideBySide:
    return side_by_side(user, transcript.pk, kept.pk)


def page(user: User, address: str) -> str:
    return unescape(client_of(user).get(address).content.decode())


def test_the_text_is_in_runs_with_the_times_of_their_words_and_differences(
    cast: Cast, transcript: Transcript, kept: Comparison
) -> None:
    found = compared(cast.vera, transcript, kept)
    first = found.lines[0]
    said = [piece.differs.was if piece.differs else piece.text for piece in first.pieces]
    assert said == ["Hold the ", "paige,", " please 🎙 now."]
    # Offsets count as browsers do: the emoji is two
    assert first.pieces[2].times == "1:1200 8:1600 11:2000"
    assert (found.words, found.places) == (1, 1)
    assert "".join(piece.text for line in found.lines[1:] for piece in line.pieces) == "Thursday works."


def test_an_approved_text_tells_the_word_error_rate_of_both_machines(
    cast: Cast, transcript: Transcript, kept: Comparison
) -> None:
    assert not compared(cast.vera, transcript, kept).rates
    set_text(transcript.segments.all()[0], "Hold the page, please 🎙 now.", actor=cast.erin)
    approve(transcript, cast)
    mine, theirs = compared(cast.vera, transcript, kept).rates
    assert (mine.name, mine.counts.words, mine.counts.substitutions) == ("speechstream (engine 1)", 8, 1)
    assert (mine.percent, theirs.percent) == (12.5, 0)
    assert "Word error rate against the approved text" in page(cast.vera, kept.address_beside(transcript))


def test_an_imported_text_was_made_by_no_machine(cast: Cast, transcript: Transcript, kept: Comparison) -> None:
    fields = {"filename": "talk.txt", "content": b"", "sha256": "", "has_times": False}
    ImportedFile.objects.create(recording=transcript.recording, transcript=transcript, **fields)
    approve(transcript, cast)
    [theirs] = compared(cast.vera, transcript, kept).rates
    assert theirs.name == "Court (court-large)"


def test_beside_an_older_transcript_nothing_is_taken(cast: Cast, transcript: Transcript, kept: Comparison) -> None:
    job = factories.make_job(transcript.recording, "succeeded", base_transcript=transcript)
    newer = factories.make_transcript(transcript.recording, LINES, job=job)
    old, new = compared(cast.erin, transcript, kept), compared(cast.erin, newer, kept)
    assert (old.newer, old.may_take, old.may_use) == (newer, False, False)
    assert (new.newer, new.may_take, new.may_use) == (None, True, True)
    assert kept.address_beside(newer) in page(cast.erin, kept.address_beside(transcript))


def test_the_other_text_of_another_recording_is_not_there(cast: Cast, transcript: Transcript, kept: Comparison) -> None:
    other = factories.make_transcript(factories.make_recording(cast.team, "Other"), LINES)
    assert client_of(cast.erin).get(kept.address_beside(other)).status_code == 404


def test_the_transcript_leads_to_what_is_beside_it(cast: Cast, transcript: Transcript, kept: Comparison) -> None:
    assert kept.address_beside(transcript) in page(cast.vera, transcript.get_absolute_url())
    assert "compare-with" not in page(cast.vera, transcript.get_absolute_url())


def test_the_library_reads_the_job_of_the_transcript(transcript: Transcript, kept: Comparison) -> None:
    summaries.refresh(transcript.recording_id)
    assert Recording.objects.get(pk=transcript.recording_id).latest_job == transcript.job


def test_a_difference_that_is_not_there_is_refused_as_a_problem(
    cast: Cast, transcript: Transcript, kept: Comparison
) -> None:
    url = reverse("comparison_take", args=[transcript.pk, kept.pk])
    answer = client_of(cast.erin).post(url, {"segment": "s0", "was": "page", "first": "2", "last": "3", "seq": "0"})
    assert (answer.status_code, answer.json()["code"]) == (409, "segment_changed")
    place = {"segment": "s0", "was": "paige,", "first": "2", "last": "3", "seq": "0"}
    assert client_of(cast.erin).post(url, place).json() == {"taken": True}
    assert transcript.segments.all()[0].text == "Hold the page please 🎙 now."


@pytest.mark.parametrize("verb", ["comparison:started", "comparison:made", "comparison:used"])
def test_the_log_of_the_team_has_words_for_it(verb: str) -> None:
    assert verb in WORDS
