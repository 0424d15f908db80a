"""Reviewed segments as rows: stored, counted, told, taken back, and in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from tests.transcript.pages import Page
from transcripts.models import EditedSegment
from transcripts.models.choices import EditDirection
from transcripts.selectors import editor
from transcripts.selectors.history.page import history
from transcripts.services.transcript import changes, rows

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.erin, "e1")


@pytest.fixture
def alice(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.alice, "a1")


def tick(*keys: str, on: bool = True, texts: list[str] | None = None) -> dict[str, Any]:
    return {"op": "tick", "ids": list(keys), "on": on, **({"texts": texts} if texts else {})}


def say(key: str, was: str, text: str) -> dict[str, Any]:
    return {"op": "set_text", "id": key, "was": was, "text": text}


def reviewed(transcript: Transcript) -> list[str]:
    return list(transcript.segments.filter(is_reviewed=True).values_list("key", flat=True))


def counts(transcript: Transcript) -> tuple[int, int]:
    transcript.refresh_from_db()
    return transcript.reviewed_words, transcript.word_count


def test_a_tick_is_told_counted_and_kept_with_what_was_before(edited: Transcript, erin: Page) -> None:
    answer = erin.send(tick("s0"))
    assert [(row["id"], row["reviewed"]) for row in answer["rows"]] == [("s0", True)]
    assert (answer["review"]["words"], answer["review"]["reviewed"]) == (8, 3)
    assert counts(edited) == (3, 8)
    (kept,) = EditedSegment.objects.all()
    assert kept.before is not None
    assert (kept.before["is_reviewed"], kept.after["is_reviewed"]) == (False, True)
    assert changes.since(edited.pk, 0)["review"] == answer["review"]


def test_every_structural_change_keeps_the_count(edited: Transcript, erin: Page) -> None:
    erin.send(tick("s0", "s1"))
    assert counts(edited) == (5, 8)
    erin.send({"op": "merge", "id": "s1"})
    assert counts(edited) == (5, 8)
    erin.send({"op": "split", "id": "s0", "was": "Hold the paige Thursday works", "at": 15, "new": "n"})
    assert reviewed(edited) == ["s0", "n"]
    erin.send({"op": "remove", "id": "n", "was": "Thursday works"})
    assert counts(edited) == (3, 6)
    erin.send(say("s0", "Hold the paige", "Hold the front page"))
    assert counts(edited) == (0, 7)


def test_the_words_of_another_persons_change_are_not_ticked(edited: Transcript, erin: Page, alice: Page) -> None:
    alice.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send(tick("s0", "s1", texts=["Hold the paige", "Thursday works"]))
    assert reviewed(edited) == ["s1"]


def test_a_tick_sent_again_after_the_answer_was_lost_is_done_once(edited: Transcript, erin: Page, alice: Page) -> None:
    first = erin.send(tick("s0", texts=["Hold the paige"]))
    alice.send(say("s0", "Hold the paige", "Hold the page"))
    erin.sent = 0
    assert erin.send(tick("s0", texts=["Hold the paige"]))["change"] == first["change"]
    assert reviewed(edited) == []


def test_undo_and_redo(edited: Transcript, erin: Page) -> None:
    erin.send(tick("s0"))
    erin.send({"op": "undo", "edit": 1}, direction=EditDirection.UNDO)
    assert (reviewed(edited), counts(edited)) == ([], (0, 8))
    erin.send({"op": "undo", "edit": 2}, direction=EditDirection.REDO)
    assert (reviewed(edited), counts(edited)) == (["s0"], (3, 8))


def test_taking_back_an_untick_does_not_tick_words_that_changed_since(edited: Transcript, erin: Page) -> None:
    erin.send(tick("s0"))
    erin.send(tick("s0", on=False))
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send({"op": "undo", "edit": 2})
    assert reviewed(edited) == []


def test_typing_that_is_taken_back_leaves_what_was_declared_right(edited: Transcript, erin: Page) -> None:
    erin.send(tick("s0"))
    erin.send(say("s0", "Hold the paige", "Hold the paiges"))
    assert reviewed(edited) == []
    erin.send(say("s0", "Hold the paiges", "Hold the paige"), direction=EditDirection.UNDO)
    assert reviewed(edited) == ["s0"]


def test_a_restored_state_has_the_ticks_it_had(edited: Transcript, erin: Page) -> None:
    erin.send(tick("s0", "s1"))
    erin.send(tick("s1", on=False))
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send({"op": "restore", "to": 1})
    assert (reviewed(edited), counts(edited)) == (["s0", "s1"], (5, 8))


def test_the_history_says_how_many_segments_were_marked(edited: Transcript, erin: Page, cast: Cast) -> None:
    erin.send(tick("s0", "s1"))
    erin.send(tick("s2"))
    erin.send(tick("s2", on=False))
    found = history(cast.erin, edited.pk).entries
    assert [entry.text for entry in found[:2]] == [
        "Marked 1 segment as not reviewed",
        "Marked 3 segments as reviewed",
    ]
    assert not any(entry.is_comparable for entry in found[:2])


def test_the_page_begins_with_what_is_reviewed(edited: Transcript, erin: Page, cast: Cast) -> None:
    erin.send(tick("s1"))
    data = editor.data(cast.vera, edited, may_edit=False)
    assert [bool(row[6] & editor.IS_REVIEWED) for row in data["rows"]] == [False, True, False]


def test_a_new_transcript_counts_what_it_begins_with(cast: Cast) -> None:
    transcript = factories.make_transcript(factories.make_recording(cast.team))
    first = transcript.segments.all()[0]
    transcript.segments.all().delete()
    entries = [rows.Entry(rows.spoken(first), is_reviewed=True), rows.Entry(rows.spoken(first))]
    rows.fill(transcript, entries, {})
    assert counts(transcript) == (len(first.words), 2 * len(first.words))


@pytest.mark.parametrize(("reviewed_words", "percent"), [(0, 0), (199, 99), (200, 100)])
def test_all_is_reviewed_only_at_a_hundred_percent(edited: Transcript, reviewed_words: int, percent: int) -> None:
    edited.reviewed_words, edited.word_count = reviewed_words, 200
    assert edited.reviewed_percent == percent


def test_a_transcript_without_words_is_not_reviewed(edited: Transcript) -> None:
    edited.reviewed_words = edited.word_count = 0
    assert edited.reviewed_percent == 0
