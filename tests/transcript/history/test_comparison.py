"""Two states of a transcript compared, and the past read in few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests import factories
from tests.transcript.pages import Page, say
from tests.views.conftest import client_of
from transcripts.selectors.history.comparison import Comparison, comparison
from transcripts.services.transcript import past
from transcripts.services.transcript.stored_rows import StoredRows

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


def drawn(found: Comparison) -> list[list[str]]:
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return [
        ["".join(marks[piece.tag].format(piece.text.strip()) for piece in block.pieces) for block in stretch]
        for stretch in found.stretches
    ]


def everything(transcript: Transcript) -> list[tuple[Any, ...]]:
    return list(transcript.segments.values_list("key", "text", "words", "start_ms", "end_ms", "speaker__key"))


def test_segments_that_differ_are_shown_with_their_neighbours(cast: Cast) -> None:
    recording = factories.make_recording(cast.team)
    transcript = factories.make_transcript(recording, [("A", f"number {n}") for n in range(10)])
    erin = Page(transcript, cast.erin, "e1")
    erin.send(say("s1", "number 1", "number one"))
    erin.send(say("s7", "number 7", "number seven"))
    found = comparison(cast.vera, transcript.pk, since=0)
    assert drawn(found) == [
        ["number 0", "number[-1-]{+one+}", "number 2"],
        ["number 6", "number[-7-]{+seven+}", "number 8"],
    ]
    assert (found.changes, found.names, found.is_now) == (2, ["Erin East"], True)
    assert drawn(comparison(cast.vera, transcript.pk, since=1, until=2)) == drawn(found)[1:]


def test_structure_speakers_and_names_are_compared(edited: Transcript, cast: Cast, erin: Page, alice: Page) -> None:
    erin.send({"op": "split", "id": "s0", "was": "Hold the paige", "at": 5, "new": "n1"})
    erin.send({"op": "merge", "id": "s2"})
    alice.send({"op": "set_speaker", "ids": ["n1"], "speaker": "1"})
    alice.send({"op": "rename_speaker", "speaker": "1", "label": "Dr Hale"})
    found = comparison(cast.vera, edited.pk, since=0)
    assert drawn(found) == [["Hold{+¶+}", "the paige", "Thursday works[-¶-]", "So be it"]]
    assert found.renamed == [("B", "Dr Hale")]
    assert set(found.names) == {"Erin East", "Alice Adams"}
    assert [block.has_other_speaker for block in found.stretches[0]][:2] == [False, True]


def test_the_machines_text_is_compared_with_a_later_one(edited: Transcript, cast: Cast, erin: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send({"op": "remove", "id": "s1", "was": "Thursday works"})
    erin.send({"op": "insert", "id": "n1", "after": "s2", "text": "Amen", "start_ms": 5000, "end_ms": 5400})
    found = comparison(cast.vera, edited.pk, since=None)
    assert drawn(found) == [["Hold the[-paige-]{+page+}", "[-Thursday works-]", "So be it", "{+Amen+}"]]
    assert found.changes == 3


def test_the_past_is_the_same_with_shifts_between(edited: Transcript, cast: Cast, erin: Page) -> None:
    states = [everything(edited)]
    steps: list[dict[str, object]] = [
        say("s0", "Hold the paige", "Hold the page"),
        {"op": "shift_times", "by_ms": 700},
        {"op": "set_times", "id": "s0", "start_ms": 300, "end_ms": 500},
        {"op": "shift_times", "by_ms": -200},
        {"op": "split", "id": "s1", "was": "Thursday works", "at": 9, "new": "n1"},
        {"op": "merge", "id": "s2"},
    ]
    for step in steps:
        erin.send(step)
        states.append(everything(edited))
    for number in range(len(states) - 1, -1, -1):
        erin.send({"op": "restore", "to": number})
        assert everything(edited) == states[number]


def test_the_past_is_read_in_few_queries(
    edited: Transcript, erin: Page, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        erin.send(say("s0", f"{number}", f"{number + 1}"))
    with django_assert_max_num_queries(4):
        rows = past.rows_at(edited.pk, 0, StoredRows(edited.pk)).rows
    assert [row.text for row in rows] == ["Hold the paige", "Thursday works", "So be it"]


def test_a_comparison_marks_changes_by_elements_and_offers_to_restore(
    edited: Transcript, cast: Cast, erin: Page
) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the <b>page</b>"))
    url = reverse("transcript_compare", args=[edited.pk])
    part = client_of(cast.erin).get(url, {"from": "0", "to": "1"}).content.decode()
    assert ">paige</del>" in part
    assert "&lt;b&gt;page&lt;/b&gt;</ins>" in part
    assert "1 change<" in part
    assert 'data-segment="s0"' in part
    assert "data-restore" not in client_of(cast.vera).get(url, {"from": "0"}).content.decode()
    assert "the machine’s text" in client_of(cast.vera).get(url, {"from": "machine"}).content.decode()
    assert "Both versions have the same text" in client_of(cast.vera).get(url, {"from": "1"}).content.decode()
