"""draft → in review → approved, and back: who approved what, what has to be decided first, and what reopens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import edits
from transcripts.models import Activity, Conflict, Edit, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.history.page import history
from transcripts.selectors.review.header import review_of
from transcripts.services.errors import Refused
from transcripts.services.transcript import conflicts
from transcripts.services.transcript.review import approval, status

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast

pytestmark = pytest.mark.django_db
DRAFT, IN_REVIEW, APPROVED = TranscriptStatus.DRAFT, TranscriptStatus.IN_REVIEW, TranscriptStatus.APPROVED


def now(transcript: Transcript) -> str:
    return Transcript.objects.get(pk=transcript.pk).status


def seq(transcript: Transcript) -> int:
    return Transcript.objects.get(pk=transcript.pk).changes


def approve(transcript: Transcript, who: User, **asked: Any) -> Edit:
    return approval.approve(transcript, actor=who, **{"seq": seq(transcript), **asked})


@pytest.fixture
def reviewed(edited: Transcript, cast: Cast) -> Transcript:
    """A transcript in review."""
    status.move(edited, IN_REVIEW, actor=cast.erin)
    return edited


@pytest.fixture
def approved(reviewed: Transcript, cast: Cast) -> Transcript:
    """A transcript that Alice approved."""
    approve(reviewed, cast.alice)
    return reviewed


def refusal(transcript: Transcript, who: User, **asked: Any) -> str:
    with pytest.raises(Refused) as refused:
        approve(transcript, who, **asked)
    return refused.value.code


def test_an_approval_is_a_change_that_says_who_and_of_what(approved: Transcript, cast: Cast) -> None:
    edit = Transcript.objects.select_related("status_edit").get(pk=approved.pk).status_edit
    assert edit is not None
    assert (edit.number, edit.kind, edit.author, edit.operations) == (
        2,
        "status",
        cast.alice,
        [{"op": "status", "to": "approved"}],
    )
    assert Activity.objects.filter(verb="transcript:approved", actor=cast.alice, data={"change": 2}).exists()


def test_a_status_is_gone_through_in_order(edited: Transcript, cast: Cast) -> None:
    assert refusal(edited, cast.alice) == "status_changed"
    with pytest.raises(Refused):
        status.move(edited, DRAFT, actor=cast.alice)
    assert (now(edited), Edit.objects.count(), seq(edited)) == (DRAFT, 0, 0)


def test_the_second_of_two_approvals_is_refused(approved: Transcript, cast: Cast) -> None:
    assert refusal(approved, cast.erin) == "status_changed"


def test_what_changed_since_the_page_was_seen_is_not_approved(reviewed: Transcript, cast: Cast) -> None:
    seen = seq(reviewed)
    edits.set_text(reviewed.segments.all()[0], "Hold the page", actor=cast.erin)
    assert refusal(reviewed, cast.alice, seq=seen) == "transcript_changed"
    assert now(reviewed) == IN_REVIEW


def test_ticks_of_others_since_then_do_no_harm(reviewed: Transcript, cast: Cast) -> None:
    seen = seq(reviewed)
    edits.apply(reviewed, {"op": "tick", "ids": ["s0"]}, actor=cast.erin)
    approve(reviewed, cast.alice, seq=seen)
    assert now(reviewed) == APPROVED


def test_open_conflicts_are_decided_first(reviewed: Transcript, cast: Cast) -> None:
    segment = reviewed.segments.all()[0]
    conflict = Conflict.objects.create(segment=segment, start_ms=0, end_ms=400, kept="Hold", offered="Told")
    assert refusal(reviewed, cast.alice) == "open_conflicts"
    conflicts.keep(conflict, actor=cast.erin)
    approve(reviewed, cast.alice)
    assert now(reviewed) == APPROVED


# Doubtful words


@pytest.fixture
def doubtful(reviewed: Transcript) -> Transcript:
    """Two doubtful words in the first segment, one in the second."""
    for key, count in (("s0", 2), ("s1", 1)):
        segment = reviewed.segments.get(key=key)
        segment.words = [[*word[:3], 0.59 if at < count else 0.6, word[4]] for at, word in enumerate(segment.words)]
        segment.save()
    return reviewed


def test_doubtful_words_are_asked_about(doubtful: Transcript, cast: Cast) -> None:
    with pytest.raises(approval.AsksAboutDoubts) as asked:
        approve(doubtful, cast.alice)
    assert asked.value.count == 3
    assert refusal(doubtful, cast.alice, known_doubts=2) == "confirm_doubtful"
    approve(doubtful, cast.alice, known_doubts=3)
    assert now(doubtful) == APPROVED


def test_words_in_a_reviewed_segment_are_not_doubtful(doubtful: Transcript, cast: Cast) -> None:
    edits.apply(doubtful, {"op": "tick", "ids": ["s0"]}, actor=cast.erin)
    edits.apply(doubtful, {"op": "accept", "id": "s1", "words": [[0, "Thursday"]]}, actor=cast.erin)
    approve(doubtful, cast.alice)
    assert now(doubtful) == APPROVED


def test_a_team_can_forbid_doubtful_words(doubtful: Transcript, cast: Cast) -> None:
    cast.team.forbids_doubtful_approval = True
    cast.team.save()
    doubtful.refresh_from_db()
    assert refusal(doubtful, cast.alice, known_doubts=99) == "doubtful_words"


# One's own work


@pytest.fixture
def strict(reviewed: Transcript, cast: Cast) -> Transcript:
    """A transcript of a team in which no one approves their own work."""
    cast.team.forbids_own_approval = True
    cast.team.save()
    return Transcript.objects.select_related("recording__team").get(pk=reviewed.pk)


def test_who_edited_a_transcript_leaves_its_approval_to_others(strict: Transcript, cast: Cast) -> None:
    edits.set_text(strict.segments.all()[0], "Hold the page", actor=cast.erin)
    assert refusal(strict, cast.erin) == "own_work"
    approve(strict, cast.alice)
    assert now(strict) == APPROVED


def test_ticks_and_accepted_words_make_it_no_ones_work(strict: Transcript, cast: Cast) -> None:
    edits.apply(strict, {"op": "tick", "ids": ["s0", "s1"]}, actor=cast.erin)
    edits.apply(strict, {"op": "accept", "id": "s1", "words": [[0, "Thursday"]]}, actor=cast.erin)
    approve(strict, cast.erin)
    assert now(strict) == APPROVED


def test_only_work_since_the_last_approval_counts(strict: Transcript, cast: Cast) -> None:
    edits.set_text(strict.segments.all()[0], "Hold the page", actor=cast.erin)
    approve(strict, cast.alice)
    edits.set_text(strict.segments.all()[1], "Friday works", actor=cast.alice)
    assert refusal(strict, cast.alice) == "own_work"
    approve(strict, cast.erin)
    assert now(strict) == APPROVED


# Reopening

CHANGES: list[dict[str, Any]] = [
    {"op": "set_text", "id": "s0", "was": "Hold the paige", "text": "Hold the page"},
    {"op": "split", "id": "s0", "was": "Hold the paige", "at": 5, "new": "n"},
    {"op": "merge", "id": "s1"},
    {"op": "remove", "id": "s0", "was": "Hold the paige"},
    {"op": "set_speaker", "ids": ["s0"], "speaker": ""},
    {"op": "rename_speaker", "speaker": "1", "label": "Olena"},
    {"op": "set_times", "id": "s0", "start_ms": 10, "end_ms": 900},
    {"op": "shift_times", "by_ms": 500},
]


@pytest.mark.parametrize("change", CHANGES, ids=[str(change["op"]) for change in CHANGES])
def test_a_change_of_what_was_approved_reopens_it(approved: Transcript, cast: Cast, change: dict[str, Any]) -> None:
    answer = edits.apply(approved, change, actor=cast.erin)
    assert answer["review"]["status"] == IN_REVIEW
    reopened = Transcript.objects.select_related("status_edit").get(pk=approved.pk).status_edit
    assert reopened is not None
    assert (reopened.number, reopened.author) == (answer["change"] + 1, cast.erin)
    assert reopened.operations == [{"op": "status", "to": "in_review", "because": answer["change"]}]
    review = review_of(cast.vera, approved.pk)
    assert (review.is_reopened, str(review.edit and review.edit.author_name)) == (True, "Erin East")


def test_ticks_and_accepted_words_leave_it_approved(approved: Transcript, cast: Cast) -> None:
    edits.apply(approved, {"op": "tick", "ids": ["s0"]}, actor=cast.erin)
    edits.apply(approved, {"op": "accept", "id": "s1", "words": [[0, "Thursday"]]}, actor=cast.erin)
    assert now(approved) == APPROVED


def test_a_decided_conflict_reopens_it_too(approved: Transcript, cast: Cast) -> None:
    segment = approved.segments.get(key="s0")
    start_ms, end_ms = segment.words[2][1], segment.words[2][2]
    conflict = Conflict.objects.create(segment=segment, start_ms=start_ms, end_ms=end_ms, kept="paige", offered="page")
    conflicts.take(conflict, revision=segment.revision, actor=cast.erin)
    assert now(approved) == IN_REVIEW


def test_an_edit_that_fails_reopens_nothing(approved: Transcript, cast: Cast) -> None:
    with pytest.raises(Refused):
        edits.apply(approved, {"op": "set_speaker", "ids": ["s0"], "speaker": "none"}, actor=cast.erin)
    assert now(approved) == APPROVED


def test_the_history_tells_each_status(approved: Transcript, cast: Cast) -> None:
    edits.set_text(approved.segments.all()[0], "Hold the page", actor=cast.erin)
    status.move(approved, DRAFT, actor=cast.alice)
    found = [(entry.text, entry.name) for entry in history(cast.vera, approved.pk).entries]
    assert found[:5] == [
        ("Returned to draft", "Alice Adams"),
        ("Reopened by a change", "Erin East"),
        ("Edited 1 segment", "Erin East"),
        ("Approved", "Alice Adams"),
        ("Opened for review", "Erin East"),
    ]


def test_a_recording_with_an_approved_transcript_can_be_deleted_permanently(approved: Transcript) -> None:
    approved.recording.delete()
    assert not Edit.objects.exists()
