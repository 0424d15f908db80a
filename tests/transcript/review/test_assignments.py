"""Who reviews a transcript, and by when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from transcripts.models import Activity, Assignment, Transcript
from transcripts.services.errors import Refused
from transcripts.services.transcript.review import assignments, state
from transcripts.templatetags.verbatim import due

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db
FRIDAY = date(2027, 1, 15)


def test_a_review_is_assigned_with_a_date_and_told(edited: Transcript, cast: Cast) -> None:
    before = state.described(edited.pk)["stamp"]
    assignments.assign(edited, cast.erin.pk, due_on=FRIDAY, actor=cast.alice)
    found = Assignment.objects.get(transcript=edited)
    assert (found.assignee, found.due_on, found.assigned_by) == (cast.erin, FRIDAY, cast.alice)
    assert state.described(edited.pk)["stamp"] != before
    activity = Activity.objects.get(verb="transcript:assigned")
    assert activity.data == {"assignee": cast.erin.pk, "due_on": "2027-01-15"}


def test_another_person_takes_the_place_of_the_first(edited: Transcript, cast: Cast) -> None:
    assignments.assign(edited, cast.erin.pk, due_on=FRIDAY, actor=cast.alice)
    assignments.assign(edited, cast.alice.pk, due_on=None, actor=cast.erin)
    assert [(one.assignee, one.due_on) for one in Assignment.objects.all()] == [(cast.alice, None)]
    assignments.unassign(edited, actor=cast.erin)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("who", ["vera", "charlie"])
def test_who_can_not_edit_is_assigned_nothing(edited: Transcript, cast: Cast, who: str) -> None:
    with pytest.raises(Refused) as refused:
        assignments.assign(edited, getattr(cast, who).pk, due_on=None, actor=cast.alice)
    assert refused.value.code == "not_assignable"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "due today"), (1, "due tomorrow"), (-1, "overdue since yesterday")],
)
def test_near_dates_are_words(days: int, words: str) -> None:
    assert due(timezone.localdate() + timedelta(days=days)) == words


def test_farther_dates_are_days() -> None:
    today = timezone.localdate()
    assert due(today + timedelta(days=3)) == f"due {today + timedelta(days=3):%A}"
    assert due(today + timedelta(days=400)).startswith(f"due {(today + timedelta(days=400)).day} ")
    assert due(today - timedelta(days=9)).startswith("overdue since ")
