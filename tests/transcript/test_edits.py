"""Batches of operations on a transcript: numbered, merged, answered twice the same, never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transcript.pages import Page, say, texts
from transcripts.models import Conflict, Edit, EditedSegment, Segment, Speaker, Transcript
from transcripts.models.choices import EditDirection, Origin
from transcripts.selectors import editor
from transcripts.services.transcript import conflicts, edits, rows
from transcripts.services.transcript.edits import Batch

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.erin, "e1")


@pytest.fixture
def alice(edited: Transcript, cast: Cast) -> Page:
    return Page(edited, cast.alice, "a1")


def test_an_edit_is_numbered_and_says_what_was_there(edited: Transcript, erin: Page) -> None:
    answer = erin.send(say("s0", "Hold the paige", "Hold the page"))
    assert (answer["change"], answer["client"], answer["n"]) == (1, "e1", 1)
    assert [(row["id"], row["text"], row["revision"], row["after"]) for row in answer["rows"]] == [
        ("s0", "Hold the page", 2, None)
    ]
    edited_segment = EditedSegment.objects.get()
    assert edited_segment.before is not None
    assert (edited_segment.before["text"], edited_segment.after["text"]) == ("Hold the paige", "Hold the page")
    row = edited.segments.get(key="s0")
    assert (row.origin, row.machine and row.machine["text"]) == (Origin.HUMAN, "Hold the paige")
    assert [word[4] for word in row.words] == ["measured", "measured", "retained"]


def test_a_batch_that_is_sent_again_is_answered_again(edited: Transcript, erin: Page) -> None:
    batch = Batch("e1", 1, 0, [say("s0", "Hold the paige", "Hold the paige now")])
    first = edits.apply(edited, batch, actor=erin.who)
    assert edits.apply(edited, batch, actor=erin.who) == first
    assert Edit.objects.count() == 1
    assert texts(edited)[0] == "Hold the paige now"


def test_two_people_in_one_segment_are_merged_by_word(edited: Transcript, erin: Page, alice: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    alice.send(say("s0", "Hold the paige", "Please hold the paige"))
    assert texts(edited)[0] == "Please hold the page"
    assert not Conflict.objects.exists()


def test_words_that_both_changed_stay_beside_as_a_conflict(edited: Transcript, erin: Page, alice: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    answer = alice.send(say("s0", "Hold the paige", "Hold the cage"))
    assert texts(edited)[0] == "Hold the cage"
    assert [(one["kept"], one["offered"], one["segment"]) for one in answer["conflicts"]] == [("cage", "page", "s0")]
    conflict = Conflict.objects.get()
    conflicts.take(conflict, revision=edited.segments.get(key="s0").revision, actor=erin.who)
    assert texts(edited)[0] == "Hold the page"


def test_a_split_gives_the_new_segment_its_words_and_times(edited: Transcript, erin: Page) -> None:
    before = edited.segments.get(key="s0").words
    answer = erin.send({"op": "split", "id": "s0", "was": "Hold the paige", "at": 5, "new": "n1"})
    assert [(row["id"], row["after"], row["from"]) for row in answer["rows"]] == [("s0", None, ""), ("n1", "s0", "s0")]
    left, right = edited.segments.all()[:2]
    assert (left.text, right.text, right.words) == ("Hold", "the paige", before[1:])
    assert (left.end_ms, right.start_ms) == (before[0][2], before[1][1])


def test_an_edit_of_a_segment_that_was_split_since_reaches_both_parts(
    edited: Transcript, erin: Page, alice: Page
) -> None:
    erin.send({"op": "split", "id": "s0", "was": "Hold the paige", "at": 5, "new": "n1"})
    alice.send(say("s0", "Hold the paige", "Please Hold the page"))
    assert texts(edited)[:2] == ["Please Hold", "the page"]


def test_a_merged_segment_can_be_edited_by_its_old_key(edited: Transcript, erin: Page, alice: Page) -> None:
    erin.send({"op": "merge", "id": "s1"})
    assert texts(edited) == ["Hold the paige Thursday works", "So be it"]
    alice.send(say("s1", "Thursday works", "Thursday surely works"))
    assert texts(edited)[0] == "Hold the paige Thursday surely works"
    gone = Segment.with_removed.get(key="s1")
    assert (gone.is_removed, gone.merged_into) == (True, "s0")


def test_conflicts_follow_a_segment_into_the_one_it_is_merged_with(edited: Transcript, erin: Page, alice: Page) -> None:
    erin.send(say("s1", "Thursday works", "Friday works"))
    alice.send(say("s1", "Thursday works", "Monday works"))
    erin.send({"op": "merge", "id": "s1"})
    assert Conflict.objects.get().segment.key == "s0"


def test_a_removal_gives_way_to_an_edit(edited: Transcript, erin: Page, alice: Page) -> None:
    erin.send(say("s1", "Thursday works", "Friday works"))
    alice.send({"op": "remove", "id": "s1", "was": "Thursday works"})
    assert texts(edited)[1] == "Friday works"
    alice.send({"op": "remove", "id": "s1", "was": "Friday works"})
    assert texts(edited) == ["Hold the paige", "So be it"]
    edited.refresh_from_db()
    assert edited.word_count == 6


def test_many_splits_in_one_place_find_room(edited: Transcript, erin: Page) -> None:
    last = "s0"
    for number in range(120):
        erin.send({"op": "insert", "id": f"n{number}", "after": last, "text": f"w{number}", "speaker": "0"})
        last = f"n{number}"
    assert texts(edited)[1:121] == [f"w{number}" for number in range(120)]
    assert edited.changes == 0
    edited.refresh_from_db()
    assert edited.changes >= 120


def test_segments_can_be_spread_without_changing_their_order(edited: Transcript) -> None:
    before = texts(edited)
    edited.segments.filter(key="s1").update(position=1)
    rows.spread(edited.pk)
    assert texts(edited) == before


# Undo


def test_an_edit_is_undone_over_what_others_changed_since(edited: Transcript, erin: Page, alice: Page) -> None:
    number = erin.send(say("s0", "Hold the paige", "Hold the page"))["change"]
    alice.send(say("s0", "Hold the page", "Please Hold the page"))
    erin.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    assert texts(edited)[0] == "Please Hold the paige"
    assert Edit.objects.get(number=3).undoes == 1


def test_structure_is_undone_with_times_and_words(edited: Transcript, erin: Page) -> None:
    before = list(edited.segments.values_list("key", "text", "words", "start_ms", "end_ms", "speaker"))
    numbers = [
        erin.send({"op": "split", "id": "s0", "was": "Hold the paige", "at": 5, "new": "n1"})["change"],
        erin.send({"op": "merge", "id": "s1"})["change"],
        erin.send({"op": "remove", "id": "s2", "was": "So be it"})["change"],
        erin.send({"op": "set_speaker", "ids": ["s0"], "speaker": "1"})["change"],
        erin.send({"op": "shift_times", "by_ms": 250})["change"],
        erin.send({"op": "set_times", "id": "s0", "start_ms": 300, "end_ms": 500})["change"],
    ]
    for number in reversed(numbers):
        erin.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    assert list(edited.segments.values_list("key", "text", "words", "start_ms", "end_ms", "speaker")) == before


def test_a_word_is_typed_in_a_segment_whose_merge_was_undone(edited: Transcript, erin: Page, alice: Page) -> None:
    number = erin.send({"op": "merge", "id": "s1"})["change"]
    alice.seq = number
    erin.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    alice.send(say("s0", "Hold the paige Thursday works", "Hold the paige Thursday still works"))
    assert texts(edited)[:2] == ["Hold the paige", "Thursday still works"]


def test_the_conflict_of_an_undone_edit_is_closed(edited: Transcript, erin: Page, alice: Page) -> None:
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    number = alice.send(say("s0", "Hold the paige", "Hold the cage"))["change"]
    alice.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    assert texts(edited)[0] == "Hold the page"
    assert not Conflict.objects.filter(resolved_at=None).exists()


def test_a_page_finds_its_stacks_again_after_a_reload(edited: Transcript, erin: Page, alice: Page) -> None:
    first = erin.send(say("s0", "Hold the paige", "Hold the page"))["change"]
    second = erin.send(say("s1", "Thursday works", "Friday works"))["change"]
    alice.send(say("s2", "So be it", "So be it."))
    undone = erin.send({"op": "undo", "edit": second}, direction=EditDirection.UNDO)["change"]
    assert editor.undo_stacks(erin.who, edited) == ([first], [undone])
    redone = erin.send({"op": "undo", "edit": undone}, direction=EditDirection.REDO)["change"]
    assert editor.undo_stacks(erin.who, edited) == ([first, redone], [])
    assert texts(edited)[1] == "Friday works"


def test_a_transcript_is_restored_to_what_it_was(edited: Transcript, erin: Page, alice: Page) -> None:
    before = texts(edited)
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    after_first = texts(edited)
    alice.send({"op": "split", "id": "s1", "was": "Thursday works", "at": 9, "new": "n1"})
    alice.send({"op": "shift_times", "by_ms": 500})
    erin.send({"op": "rename_speaker", "speaker": "0", "label": "Ana"})
    erin.send({"op": "restore", "to": 1})
    assert texts(edited) == after_first
    assert edited.segments.get(key="s0").start_ms == 0
    assert Speaker.objects.get(key="0", transcript=edited).label == "A"
    erin.send({"op": "restore", "to": 0, "ids": ["s0"]})
    assert texts(edited) == before


# Speakers and times


def test_a_speaker_is_added_and_given_a_range(edited: Transcript, erin: Page) -> None:
    answer = erin.send(
        {"op": "add_speaker", "speaker": "new1", "label": "Dr Hale"},
        {"op": "set_speaker", "ids": ["s1", "s2"], "speaker": "new1"},
    )
    assert [(one["id"], one["label"], one["number"]) for one in answer["speakers"]] == [("new1", "Dr Hale", 3)]
    assert [row.speaker and row.speaker.label for row in edited.segments.all()] == ["A", "Dr Hale", "Dr Hale"]


def test_speakers_are_merged_and_parted_again(edited: Transcript, erin: Page) -> None:
    number = erin.send({"op": "merge_speakers", "speaker": "1", "into": "0"})["change"]
    assert {row.speaker and row.speaker.label for row in edited.segments.all()} == {"A"}
    erin.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    assert [row.speaker and row.speaker.label for row in edited.segments.all()] == ["A", "B", "A"]


def test_a_name_is_undone(edited: Transcript, erin: Page) -> None:
    number = erin.send({"op": "rename_speaker", "speaker": "0", "label": "Ana"})["change"]
    erin.send({"op": "undo", "edit": number}, direction=EditDirection.UNDO)
    assert Speaker.objects.get(key="0", transcript=edited).label == "A"


def test_no_time_is_shifted_before_the_beginning(edited: Transcript, erin: Page) -> None:
    erin.send({"op": "shift_times", "by_ms": 100})
    erin.send({"op": "shift_times", "by_ms": -5_000})
    assert edited.segments.get(key="s0").start_ms == 0


@pytest.mark.parametrize("first_position", [None, 0], ids=["room", "no room"])
def test_a_segment_is_put_before_the_first(edited: Transcript, erin: Page, first_position: int | None) -> None:
    if first_position is not None:
        Segment.objects.filter(transcript=edited, key="s0").update(position=first_position)
    erin.send({"op": "insert", "id": "n1", "text": "First of all", "after": None})
    assert texts(edited)[:2] == ["First of all", "Hold the paige"]
