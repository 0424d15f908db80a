"""Recordings older than their team keeps them go to the trash, announced a week before, and never what is wanted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.models import Role, User
from tests import factories
from tests.teams.conftest import refused
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import Activity, Recording, TeamDefaults
from transcripts.models.choices import JobStatus, TranscriptStatus
from transcripts.selectors import library
from transcripts.services.operations import housekeeping
from transcripts.services.recordings import retention, trash
from transcripts.services.teams import defaults, members
from transcripts.services.transcript.review import assignments, claims

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("redis_client")


def keep(cast: Cast, days: int, *, since_days: int = 30) -> None:
    """Let the team keep recordings for so many days, chosen so long ago."""
    since = clock.now() - timedelta(days=since_days)
    TeamDefaults.objects.update_or_create(team=cast.team, defaults={"retention_days": days, "retention_since": since})


def aged(cast: Cast, days: int) -> Recording:
    recording = factories.make_recording(cast.team, owner=cast.erin, created_at=clock.now() - timedelta(days=days))
    factories.make_transcript(recording)
    return recording


def is_in_trash(recording: Recording) -> bool:
    recording.refresh_from_db()
    return recording.deleted_at is not None


def test_what_is_older_goes_to_the_trash_and_can_be_restored(cast: Cast) -> None:
    old, young = aged(cast, 31), aged(cast, 29)
    keep(cast, 30)
    housekeeping.run()
    assert (is_in_trash(old), is_in_trash(young)) == (True, False)
    assert Activity.objects.get(verb="recording:expired", recording=old).is_automatic
    trash.restore(old, actor=cast.erin)
    old.refresh_from_db()
    assert old.is_held
    housekeeping.run()
    assert not is_in_trash(old)


def test_undoing_a_deletion_keeps_nothing_beyond_its_time(cast: Cast) -> None:
    young = aged(cast, 5)
    keep(cast, 30)
    trash.delete(young, actor=cast.erin)
    young.refresh_from_db()
    trash.restore(young, actor=cast.erin)
    young.refresh_from_db()
    assert not young.is_held


def test_a_team_that_chose_nothing_keeps_everything(cast: Cast) -> None:
    old = aged(cast, 10_000)
    retention.run()
    keep(cast, 0)
    retention.run()
    assert not is_in_trash(old)


def test_a_shorter_retention_reaches_nothing_for_a_week(cast: Cast) -> None:
    old = aged(cast, 100)
    keep(cast, 30, since_days=6)
    retention.run()
    assert not is_in_trash(old)
    keep(cast, 30, since_days=8)
    retention.run()
    assert is_in_trash(old)


@pytest.mark.parametrize("status", [TranscriptStatus.APPROVED, TranscriptStatus.IN_REVIEW])
def test_what_is_approved_or_in_review_stays(status: TranscriptStatus, cast: Cast) -> None:
    old = aged(cast, 100)
    factories.make_transcript(old, status=status)
    keep(cast, 30)
    retention.run()
    assert not is_in_trash(old)


def test_what_waits_for_a_provider_stays(cast: Cast) -> None:
    waiting = factories.make_recording(cast.team, created_at=clock.now() - timedelta(days=100))
    keep(cast, 30)
    retention.run()
    assert not is_in_trash(waiting)


@pytest.mark.parametrize("work", ["job", "assignment", "claim", "hold"])
def test_what_someone_works_on_stays(work: str, cast: Cast) -> None:
    old = aged(cast, 100)
    if work == "job":
        factories.make_job(old, JobStatus.RUNNING)
    elif work == "hold":
        retention.hold(old, actor=cast.erin)
    else:
        transcript = factories.make_transcript(old)
        key = transcript.segments.all()[0].key
        if work == "claim":
            claims.claim(transcript, key, key, actor=cast.erin)
        else:
            assignments.assign(transcript, cast.erin.pk, due_on=date(2030, 1, 1), actor=cast.alice)
    keep(cast, 30)
    retention.run()
    assert not is_in_trash(old)


def test_a_row_says_a_week_before_when_it_goes_and_can_be_kept(cast: Cast) -> None:
    soon, later = aged(cast, 24), aged(cast, 22)
    keep(cast, 30)
    rows = {row.recording: row.trashed_at for row in library.page(cast.erin, library.Filters()).rows}
    assert rows[later] is None
    assert rows[soon] == soon.created_at + timedelta(days=30)
    assert "Moves to the trash on" in client_of(cast.vera).get("/").content.decode()
    client_of(cast.erin).post(reverse("recording_hold", args=[soon.pk]))
    assert "Moves to the trash on" not in client_of(cast.vera).get("/").content.decode()


def test_managers_choose_the_defaults_and_only_owners_two_step_sign_in(cast: Cast, adam: User) -> None:
    wish = defaults.Wish("de", "", "90", forbids_own_approval=True, requires_second_factor=True)
    defaults.change(cast.team, wish, actor=adam)
    cast.team.refresh_from_db()
    assert (cast.team.forbids_own_approval, cast.team.requires_second_factor) == (True, False)
    assert (defaults.of(cast.team.pk).language, defaults.of(cast.team.pk).retention_days) == ("de", 90)
    members.change_role(cast.team, adam.pk, Role.OWNER, actor=cast.alice)
    defaults.change(cast.team, wish, actor=adam)
    cast.team.refresh_from_db()
    assert cast.team.requires_second_factor


def test_saving_the_same_retention_again_postpones_nothing(cast: Cast) -> None:
    keep(cast, 30, since_days=20)
    before = defaults.of(cast.team.pk).retention_since
    defaults.change(cast.team, defaults.Wish(retention_days="30"), actor=cast.alice)
    assert defaults.of(cast.team.pk).retention_since == before
    defaults.change(cast.team, defaults.Wish(retention_days="60"), actor=cast.alice)
    assert defaults.of(cast.team.pk).retention_since > before


@pytest.mark.parametrize("days", ["6", "-1", "many", "99999999"])
def test_an_impossible_retention_is_refused(days: str, cast: Cast) -> None:
    with refused("retention"):
        defaults.change(cast.team, defaults.Wish(retention_days=days), actor=cast.alice)
