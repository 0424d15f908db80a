"""Batches that are refused: what they ask for can't be done, and nothing of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from tests.transcript.pages import Page, say, texts
from transcripts.models import Edit, Recording, Transcript
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.erin, "e1")


def test_another_change_under_the_number_of_a_saved_one_is_refused(edited: Transcript, erin: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.sent -= 1
    with pytest.raises(Refused) as refused:
        erin.send(say("s1", "Thursday works", "Friday works"))
    assert refused.value.code == "number_used"


def test_a_transcript_that_another_took_the_place_of_is_not_edited(edited: Transcript, erin: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    job = factories.make_job(edited.recording, base_transcript=edited)
    Transcript.objects.create(recording=edited.recording, job=job)
    with pytest.raises(Refused) as refused:
        erin.send(say("s0", "Hold the page", "Hold the stage"))
    assert refused.value.code == "not_newest"
    assert texts(edited)[0] == "Hold the page"


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [{"op": "explode"}],
        [{"op": "merge"}],
        [{"op": "merge", "id": "../../etc"}],
        [{"op": "set_text", "id": "s0", "was": 1, "text": "x"}],
        [{"op": "set_text", "id": "s0", "was": "", "text": "x" * 100_001}],
        [{"op": "set_times", "id": "s0", "start_ms": -1, "end_ms": 5}],
        [{"op": "shift_times", "by_ms": True}],
        [{"op": "set_speaker", "ids": ["s0"], "speaker": "nobody"}],
        [{"op": "rename_speaker", "speaker": "0", "label": " "}],
        [{"op": "undo", "edit": 99}],
        [{"op": "shift_times", "by_ms": 5}, {"op": "merge", "id": "s1"}],
        [{"op": "restore", "to": 1}],
        [{"op": "set_times", "id": "s0", "start_ms": 0, "end_ms": 60_001}],
        [{"op": "move_boundary", "id": "s1", "ms": 60_001}],
        [{"op": "shift_times", "by_ms": 60_001}],
    ],
)
def test_what_cannot_be_done_is_refused_whole(edited: Transcript, erin: Page, operations: list[dict[str, Any]]) -> None:
    Recording.objects.update(duration_ms=60_000)
    with pytest.raises(Refused):
        erin.send(*operations)
    edited.refresh_from_db()
    assert (edited.changes, Edit.objects.count()) == (0, 0)
