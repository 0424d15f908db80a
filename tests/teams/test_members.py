"""Members' roles change, members are removed and leave, and an owner always stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from accounts.models import Membership, Role, User
from tests import factories
from tests.teams.conftest import refused, role_of
from transcripts.access import NotAllowed, NotFound
from transcripts.models import Activity, Assignment, Claim
from transcripts.services.teams import members
from transcripts.services.transcript.review import assignments, claims

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript


def claimed_by(person: User, cast: Cast) -> Transcript:
    """Return a transcript that a person is to review and has claimed a segment of."""
    transcript = factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))
    key = transcript.segments.all()[0].key
    claims.claim(transcript, key, key, actor=person)
    assignments.assign(transcript, person.pk, due_on=date(2030, 1, 1), actor=cast.alice)
    return transcript


def test_an_owner_changes_a_role_and_the_team_remembers_who_did(cast: Cast) -> None:
    members.change_role(cast.team, cast.vera.pk, Role.EDITOR, actor=cast.alice)
    assert role_of(cast.vera, cast) == Role.EDITOR
    activity = Activity.objects.get(verb="team:role_changed")
    assert (activity.actor, activity.data) == (
        cast.alice,
        {"member": cast.vera.pk, "before": "viewer", "after": "editor"},
    )


@pytest.mark.parametrize("who", ["erin", "vera"])
def test_members_below_admin_change_no_one(who: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        members.change_role(cast.team, cast.vera.pk, Role.EDITOR, actor=getattr(cast, who))
    with pytest.raises(NotAllowed):
        members.remove(cast.team, cast.erin.pk, actor=cast.vera)


def test_an_outsider_changes_no_one_and_learns_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        members.remove(cast.team, cast.erin.pk, actor=cast.charlie)
    with pytest.raises(NotFound):
        members.remove(cast.team, cast.charlie.pk, actor=cast.alice)


def test_an_admin_makes_no_owner_and_touches_none(cast: Cast, adam: User) -> None:
    with refused("owners_only"):
        members.change_role(cast.team, cast.erin.pk, Role.OWNER, actor=adam)
    with refused("owners_only"):
        members.change_role(cast.team, cast.alice.pk, Role.VIEWER, actor=adam)
    with refused("owners_only"):
        members.remove(cast.team, cast.alice.pk, actor=adam)
    with refused("owners_only"):
        members.transfer(cast.team, cast.erin.pk, actor=adam)
    members.change_role(cast.team, cast.erin.pk, Role.ADMIN, actor=adam)
    assert role_of(cast.erin, cast) == Role.ADMIN


def test_the_last_owner_stays(cast: Cast) -> None:
    with refused("last_owner"):
        members.leave(cast.team, actor=cast.alice)
    with refused("last_owner"):
        members.change_role(cast.team, cast.alice.pk, Role.EDITOR, actor=cast.alice)
    with refused("last_owner"):
        members.remove(cast.team, cast.alice.pk, actor=cast.alice)
    assert role_of(cast.alice, cast) == Role.OWNER


def test_an_owner_who_can_not_sign_in_does_not_count(cast: Cast) -> None:
    members.change_role(cast.team, cast.erin.pk, Role.OWNER, actor=cast.alice)
    User.objects.filter(pk=cast.erin.pk).update(is_active=False)
    with refused("last_owner"):
        members.leave(cast.team, actor=cast.alice)


def test_ownership_is_handed_on_and_the_former_owner_leaves(cast: Cast) -> None:
    members.transfer(cast.team, cast.erin.pk, actor=cast.alice)
    assert (role_of(cast.erin, cast), role_of(cast.alice, cast)) == (Role.OWNER, Role.ADMIN)
    members.leave(cast.team, actor=cast.alice)
    assert role_of(cast.alice, cast) is None


def test_a_transfer_needs_another_member_who_can_sign_in(cast: Cast) -> None:
    with refused("role"):
        members.transfer(cast.team, cast.alice.pk, actor=cast.alice)
    User.objects.filter(pk=cast.erin.pk).update(is_active=False)
    with refused("last_owner"):
        members.transfer(cast.team, cast.erin.pk, actor=cast.alice)
    assert role_of(cast.alice, cast) == Role.OWNER


def test_no_one_is_removed_from_or_demoted_in_their_own_team(cast: Cast) -> None:
    own = cast.erin.personal_team
    Membership.objects.create(team=own, user=cast.alice, role=Role.OWNER)
    for attempt in (
        lambda: members.remove(own, cast.erin.pk, actor=cast.alice),
        lambda: members.change_role(own, cast.erin.pk, Role.VIEWER, actor=cast.alice),
        lambda: members.leave(own, actor=cast.erin),
        lambda: members.transfer(own, cast.alice.pk, actor=cast.erin),
    ):
        with refused("personal_team"):
            attempt()
    members.leave(own, actor=cast.alice)


def test_an_unknown_role_is_refused(cast: Cast) -> None:
    with refused("role"):
        members.change_role(cast.team, cast.erin.pk, "emperor", actor=cast.alice)


def test_removal_releases_claims_and_assignments_and_history_stays(cast: Cast) -> None:
    transcript = claimed_by(cast.erin, cast)
    elsewhere = factories.make_transcript(factories.make_recording(cast.erin.personal_team))
    key = elsewhere.segments.all()[0].key
    kept = claims.claim(elsewhere, key, key, actor=cast.erin)
    members.remove(cast.team, cast.erin.pk, actor=cast.alice)
    assert list(Claim.objects.all()) == [kept]
    assert not Assignment.objects.exists()
    verbs = set(Activity.objects.filter(recording=transcript.recording).values_list("verb", flat=True))
    assert {"transcript:claimed", "transcript:released", "transcript:assigned", "transcript:unassigned"} <= verbs


def test_a_demotion_releases_only_what_the_new_role_can_not_do(cast: Cast) -> None:
    claimed_by(cast.erin, cast)
    members.change_role(cast.team, cast.erin.pk, Role.ADMIN, actor=cast.alice)
    assert Claim.objects.filter(holder=cast.erin).exists()
    members.change_role(cast.team, cast.erin.pk, Role.COMMENTER, actor=cast.alice)
    assert not Claim.objects.exists()
    assert not Assignment.objects.exists()


def test_a_refused_removal_releases_nothing(cast: Cast) -> None:
    claimed_by(cast.alice, cast)
    with refused("last_owner"):
        members.leave(cast.team, actor=cast.alice)
    assert Claim.objects.exists()
    assert Assignment.objects.exists()
