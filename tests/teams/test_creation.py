"""Teams are created, renamed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.models import Membership, Role, Team
from tests import factories
from tests.teams.conftest import refused, role_of
from transcripts import clock
from transcripts.access import NotAllowed
from transcripts.models import Recording
from transcripts.services.teams import creation, members

if TYPE_CHECKING:
    from tests.factories import Cast


def test_a_person_owns_the_team_that_they_create(cast: Cast) -> None:
    team = creation.create("  Court\ndesk ", actor=cast.charlie)
    assert (team.name, team.slug) == ("Court desk", "court-desk")
    assert team.memberships.get().role == Role.OWNER


@pytest.mark.parametrize("name", ["New", "new", "NEW!"])
def test_no_team_has_the_address_of_a_page(name: str, cast: Cast) -> None:
    assert creation.create(name, actor=cast.charlie).slug == "new-2"


def test_a_name_without_latin_letters_has_an_address_too(cast: Cast) -> None:
    names = ("Редакція", "Відділ")
    assert [creation.create(name, actor=cast.charlie).slug for name in names] == ["team", "team-2"]


def test_a_press_that_is_sent_twice_makes_one_team(cast: Cast) -> None:
    teams = [creation.create("Court desk", actor=cast.charlie) for _ in range(2)]
    assert teams[0] == teams[1]
    Team.objects.filter(pk=teams[0].pk).update(created_at=clock.now() - creation.SAME_PRESS)
    assert creation.create("Court desk", actor=cast.charlie) != teams[0]
    assert creation.create("Court desk", actor=cast.alice) not in teams


def test_an_empty_name_is_refused(cast: Cast) -> None:
    with refused("no_name"):
        creation.create(" \n ", actor=cast.charlie)
    with refused("no_name"):
        creation.rename(cast.team, "", actor=cast.alice)


def test_another_team_brings_no_more_room(cast: Cast) -> None:
    assert creation.create("Unlimited", actor=cast.charlie).is_approved
    Team.objects.filter(pk=cast.charlie.personal_team.pk).update(minutes_a_month=60)
    assert not creation.create("Limited", actor=cast.charlie).is_approved
    Team.objects.filter(pk=cast.charlie.personal_team.pk).update(minutes_a_month=None, is_approved=False)
    assert not creation.create("New", actor=cast.charlie).is_approved


def test_a_person_creates_no_teams_without_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "MOST_TEAMS", 2)
    Team.objects.filter(pk=cast.charlie.personal_team.pk).update(is_approved=False)
    for name in ("Desk", "Court"):
        creation.create(name, actor=cast.charlie)
    with refused("too_many_teams"):
        creation.create("Studio", actor=cast.charlie)


def test_managers_rename_a_team_and_its_address_stays(cast: Cast) -> None:
    creation.rename(cast.team, "Night desk", actor=cast.alice)
    cast.team.refresh_from_db()
    assert (cast.team.name, cast.team.slug) == ("Night desk", "newsroom")
    with pytest.raises(NotAllowed):
        creation.rename(cast.team, "Mine", actor=cast.erin)


def test_a_team_with_recordings_is_not_deleted_not_even_if_they_are_in_the_trash(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, deleted_at=clock.now())
    with refused("team_not_empty"):
        creation.delete(cast.team, actor=cast.alice)
    Recording.objects.filter(pk=recording.pk).delete()
    creation.delete(cast.team, actor=cast.alice)
    assert not Team.objects.filter(pk=cast.team.pk).exists()
    assert not Membership.objects.filter(user=cast.vera).exclude(team__personal_owner=cast.vera).exists()


def test_only_an_owner_deletes_a_team_and_none_their_own(cast: Cast) -> None:
    members.change_role(cast.team, cast.erin.pk, Role.ADMIN, actor=cast.alice)
    with refused("owners_only"):
        creation.delete(cast.team, actor=cast.erin)
    with refused("personal_team"):
        creation.delete(cast.erin.personal_team, actor=cast.erin)
    assert role_of(cast.erin, cast) == Role.ADMIN
