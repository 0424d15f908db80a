"""Whose turn it is: teams in turn, and within a team what a person puts first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests import factories
from transcripts import clock
from transcripts.models import Activity, ProcessingJob, Step
from transcripts.services.errors import Refused
from transcripts.services.pipeline import fair_queue
from transcripts.services.pipeline.fair_queue import HEAD_START
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from accounts.models import Team
    from transcripts.models import Recording

pytestmark = pytest.mark.django_db


def waiting(team: Team, number: int, *, age: timedelta = timedelta()) -> list[Recording]:
    """So many recordings that wait to be sent, the first for so long."""
    began = clock.now() - age
    found = []
    for place in range(number):
        recording = factories.make_recording(team, owner=team.memberships.get(role="owner").user)
        job = ProcessingJob.objects.create(recording=recording, account=accounts.current(), stage="waiting")
        step = Step.objects.create(job=job, kind="submit", due_at=began)
        Step.objects.filter(pk=step.pk).update(created_at=began + timedelta(milliseconds=place))
        found.append(recording)
    return found


def order() -> list[Recording]:
    line = fair_queue.in_order(accounts.current().pk).select_related("job__recording")
    return [step.job.recording for step in line]


@pytest.fixture
def team() -> Team:
    return factories.make_team("Newsroom", owner=factories.make_user("Alice Adams"))


@pytest.fixture
def other() -> Team:
    return factories.make_team("Court", owner=factories.make_user("Bob Brown"))


def put_first(recording: Recording) -> None:
    assert recording.owner is not None
    fair_queue.put_first(recording, actor=recording.owner)


def test_hundreds_of_files_of_one_team_delay_the_file_of_another_by_one_turn(team: Team, other: Team) -> None:
    waiting(team, 500, age=timedelta(hours=2))
    [single] = waiting(other, 1)
    assert order().index(single) <= 1


def test_what_a_person_put_first_goes_before_the_others_of_its_team(team: Team) -> None:
    first, second, third = waiting(team, 3)
    put_first(third)
    assert order() == [third, first, second]


def test_what_is_put_first_takes_no_turn_of_another_team(team: Team, other: Team) -> None:
    [theirs] = waiting(other, 1, age=timedelta(minutes=1))
    _, late = waiting(team, 2)
    put_first(late)
    assert order()[0] == theirs


def test_what_has_waited_for_a_day_longer_is_not_overtaken(team: Team) -> None:
    [old] = waiting(team, 1, age=HEAD_START + timedelta(minutes=1))
    _, late = waiting(team, 2)
    put_first(late)
    assert order()[:2] == [old, late]


def test_of_two_put_first_the_older_goes_first(team: Team) -> None:
    first, second, third = waiting(team, 3)
    for recording in (third, second):
        put_first(recording)
    assert order() == [second, third, first]


def test_putting_first_twice_is_once(team: Team) -> None:
    [recording] = waiting(team, 1)
    put_first(recording)
    put_first(recording)
    assert Activity.objects.filter(verb="job:put_first").count() == 1


def test_what_was_sent_already_is_not_put_first(team: Team) -> None:
    [recording] = waiting(team, 1)
    Step.objects.update(status="done")
    with pytest.raises(Refused) as refused:
        put_first(recording)
    assert refused.value.code == "not_waiting"


def test_a_recording_that_is_to_be_decoded_is_put_first_too(team: Team) -> None:
    first, second = waiting(team, 2)
    Step.objects.update(kind="prepare")
    put_first(second)
    turns = [Step.objects.get(pk=pk).job.recording for pk in fair_queue.to_prepare()]
    assert turns == [second, first]
