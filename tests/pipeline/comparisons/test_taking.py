"""Words of the other text are taken over in one place, by an edit like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.comparisons.conftest import MINE
from tests.support.edits import apply
from tests.support.retranscription import correct
from transcripts.models import Comparison, Edit, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.services.errors import Refused
from transcripts.services.pipeline.comparisons import taking

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline


def place_of(transcript: Transcript, kept: Comparison, was: str) -> taking.Place:
    """Return the difference in which the transcript says this."""
    now = taking.compared(transcript, kept)
    found = next(one for one in now.sides.differences if one.was == was)
    return taking.Place(now.segments[found.segment].key, was, found.first, found.last, now.seq)


def test_one_difference_is_taken_and_the_rest_stays(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    taking.take(transcript, kept, place_of(transcript, kept, "damn"), actor=pipeline.person)
    row = transcript.segments.get()
    assert row.text == "the dam was never build"
    # The time of the word that it replaces
    assert row.words[1][:3] == ["dam", 400, 800]
    assert row.machine is not None
    assert (row.origin, row.machine["text"]) == ("human", MINE)


def test_it_is_an_edit_that_the_history_has_and_undo_takes_back(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    taking.take(transcript, kept, place_of(transcript, kept, "damn"), actor=pipeline.person)
    edit = Edit.objects.get(transcript=transcript)
    assert edit.author == pipeline.person
    apply(transcript, {"op": "undo", "edit": edit.number}, actor=pipeline.person)
    assert transcript.segments.get().text == MINE


def test_a_press_that_is_sent_twice_does_it_once(pipeline: Pipeline, transcript: Transcript, kept: Comparison) -> None:
    place = place_of(transcript, kept, "damn")
    for _ in range(2):
        taking.take(transcript, kept, place, actor=pipeline.person)
    assert Edit.objects.filter(transcript=transcript).count() == 1


def test_words_that_someone_changed_are_refused_and_not_overwritten(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    place = place_of(transcript, kept, "damn")
    correct(transcript.segments.get(), "the levee was never build", pipeline.person)
    with pytest.raises(Refused) as refused:
        taking.take(transcript, kept, place, actor=pipeline.person)
    assert refused.value.code == "segment_changed"
    assert transcript.segments.get().text == "the levee was never build"


def test_another_change_of_the_segment_is_no_obstacle(
    pipeline: Pipeline, transcript: Transcript, kept: Comparison
) -> None:
    place = place_of(transcript, kept, "never build")
    correct(transcript.segments.get(), "so the damn was never build", pipeline.person)
    taking.take(transcript, kept, place, actor=pipeline.person)
    assert transcript.segments.get().text == "so the damn was built for this"


def test_an_approved_transcript_is_reopened_by_it(pipeline: Pipeline, transcript: Transcript, kept: Comparison) -> None:
    Transcript.objects.filter(pk=transcript.pk).update(status=TranscriptStatus.APPROVED)
    taking.take(transcript, kept, place_of(transcript, kept, "damn"), actor=pipeline.person)
    transcript.refresh_from_db()
    assert transcript.status == "in_review"
