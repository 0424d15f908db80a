"""Texts are compared before anything is locked, and what came of it is written only where it still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from tests.support.edits import apply, set_text
from tests.support.retranscription import correct, make_session
from transcripts.document import Segment, Word
from transcripts.models import Segment as SegmentRow
from transcripts.models import Transcript
from transcripts.services.pipeline import merged_transcript
from transcripts.services.transcript import conflicts, edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from tests.support.pipeline import Pipeline

HELD = Segment("Hold the paige", 0, 900, "S0", (Word("Hold", 0, 400), Word("the", 400, 600), Word("paige", 600, 900)))


@pytest.fixture
def person(pipeline: Pipeline) -> User:
    return pipeline.person


@pytest.fixture
def spoken(pipeline: Pipeline) -> Transcript:
    return make_session(pipeline.person.personal_team, pipeline.person, HELD)


def watched(module: Any, name: str, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> list[bool]:
    """Note of each call whether a transaction was open; `meanwhile` happens after the first."""
    seen: list[bool] = []
    original = getattr(module, name)

    def call(*arguments: Any, **options: Any) -> Any:
        result = original(*arguments, **options)
        seen.append(connection.in_atomic_block)
        if len(seen) == 1:
            meanwhile()
        return result

    monkeypatch.setattr(module, name, call)
    return seen


def test_an_edit_is_worked_out_before_the_transaction(
    spoken: Transcript, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = watched(edits, "plan", monkeypatch, lambda: None)
    set_text(spoken.segments.get(), "Hold the page", actor=person)
    assert seen == [False]
    assert SegmentRow.objects.get().text == "Hold the page"


def test_an_edit_is_worked_out_again_if_another_came_between(
    spoken: Transcript, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = spoken.segments.get()
    seen = watched(edits, "plan", monkeypatch, lambda: correct(row, "Please hold the paige", person))
    number = Transcript.objects.get().changes
    batch = {"op": "set_text", "id": row.key, "was": row.text, "text": "Hold the page"}
    apply(spoken, batch, actor=person)
    assert seen[0] is False
    assert SegmentRow.objects.get().text == "Please hold the page"
    assert Transcript.objects.get().changes == number + 2


def test_merging_is_done_before_the_transaction_and_again_if_someone_corrected_meanwhile(
    spoken: Transcript, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = spoken.segments.get()
    correct(row, "Hold the page", pipeline.person)
    found = merged_transcript.prepare(spoken, [HELD])
    correct(row, "Hold page one", pipeline.person)
    merged = watched(merged_transcript, "merge", monkeypatch, lambda: None)
    fresh = Transcript.objects.create(recording=spoken.recording, provider="engine 2")
    with transaction.atomic():
        merged_transcript.write(fresh, found)
    assert fresh.segments.get().text == "Hold page one"
    assert len(merged) == 1


def test_the_place_of_an_offer_is_found_before_the_transaction(
    spoken: Transcript, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = spoken.segments.get()
    correct(row, "Hold the page", pipeline.person)
    heard = Segment("Hold the cage", 0, 900, "S0", (*HELD.words[:2], Word("cage", 600, 900)))
    fresh = Transcript.objects.create(recording=spoken.recording, provider="engine 2")
    found = merged_transcript.prepare(spoken, [heard])
    with transaction.atomic():
        merged_transcript.write(fresh, found)
    made = fresh.segments.get()
    conflict = made.conflicts.get()
    seen = watched(conflicts, "taken", monkeypatch, lambda: None)
    conflicts.take(conflict, revision=made.revision, actor=pipeline.person)
    assert seen == [False]
    made.refresh_from_db()
    assert made.text == "Hold the cage"
