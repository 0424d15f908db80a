"""What someone typed is taken back by their page as text: the words get the times back that they had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transcript.pages import Page, say
from transcripts.models.choices import EditDirection

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.erin, "e1")


def times(transcript: Transcript) -> list[tuple[object, ...]]:
    return list(transcript.segments.values_list("key", "text", "words", "start_ms", "end_ms"))


def test_words_that_were_cut_and_put_elsewhere_are_where_they_were(edited: Transcript, erin: Page) -> None:
    erin.send(say("s1", "Thursday works", "Well Thursday works"))
    before = times(edited)
    erin.send(
        say("s0", "Hold the paige", "Hold paige"),
        say("s1", "Well Thursday works", "Well the Thursday works"),
    )
    assert times(edited) != before
    erin.send(
        say("s0", "Hold paige", "Hold the paige"),
        say("s1", "Well the Thursday works", "Well Thursday works"),
        direction=EditDirection.UNDO,
    )
    assert times(edited) == before


def test_a_merge_that_is_taken_back_leaves_the_times_as_they_were(edited: Transcript, erin: Page) -> None:
    before = times(edited)
    erin.send({"op": "merge", "id": "s1", "into": "s0"})
    split = {"op": "split", "id": "s0", "was": "Hold the paige Thursday works", "at": 15, "new": "s1", "speaker": "1"}
    erin.send(split, direction=EditDirection.UNDO)
    assert times(edited) == before


@pytest.mark.parametrize("is_shifted", [False, True])
def test_times_that_were_set_since_stay(edited: Transcript, erin: Page, is_shifted: bool) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send(
        {"op": "shift_times", "by_ms": 50}
        if is_shifted
        else {"op": "set_times", "id": "s0", "start_ms": 50, "end_ms": 900}
    )
    set_to = edited.segments.values_list("start_ms", "end_ms").get(key="s0")
    erin.send(say("s0", "Hold the page", "Hold the paige"), direction=EditDirection.UNDO)
    assert edited.segments.values_list("start_ms", "end_ms").get(key="s0") == set_to
