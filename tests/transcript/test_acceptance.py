"""Words that a person declares right: nothing that the machine said of them is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transcript.pages import Page
from transcripts.models import EditedSegment, Segment
from transcripts.models.choices import EditDirection

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.erin, "e1")


def test_an_accepted_word_keeps_what_the_machine_said_of_it(edited: Transcript, erin: Page) -> None:
    old = Segment.objects.get(key="s0").words
    answer = erin.send({"op": "accept", "id": "s0", "words": [[9, "paige"]]})
    row = Segment.objects.get(key="s0")
    assert [word[3] for word in row.words] == [word[3] for word in old[:2]] + [1.0]
    before = EditedSegment.objects.get().before
    assert before is not None
    assert row.machine is not None
    assert row.machine["words"] == before["words"] == old
    assert answer["rows"][0]["words"][-1] >> 3 == 101
    erin.send({"op": "undo", "edit": answer["change"]}, direction=EditDirection.UNDO)
    row.refresh_from_db()
    assert row.words == old
