"""What two people do to a team at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from accounts.models import Membership, Role
from tests import factories
from transcripts.services.errors import Refused
from transcripts.services.teams import invitations, joining, members

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_same_moment(*actions: Callable[[], object]) -> list[str]:
    """Do all of it in threads; return what became of each: "done", or the code of its refusal."""
    start = Barrier(len(actions))

    def act(action: Callable[[], object]) -> str:
        start.wait()
        try:
            action()
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(act, actions))


def test_of_two_owners_who_leave_one_stays() -> None:
    cast = factories.make_cast()
    members.change_role(cast.team, cast.erin.pk, Role.OWNER, actor=cast.alice)
    leaving = (lambda person=person: members.leave(cast.team, actor=person) for person in (cast.alice, cast.erin))
    assert at_the_same_moment(*leaving) == ["done", "last_owner"]
    assert Membership.objects.filter(team=cast.team, role=Role.OWNER).count() == 1


def test_of_two_owners_who_demote_each_other_one_stays() -> None:
    cast = factories.make_cast()
    members.change_role(cast.team, cast.erin.pk, Role.OWNER, actor=cast.alice)
    outcomes = at_the_same_moment(
        lambda: members.change_role(cast.team, cast.erin.pk, Role.ADMIN, actor=cast.alice),
        lambda: members.change_role(cast.team, cast.alice.pk, Role.ADMIN, actor=cast.erin),
    )
    assert outcomes == ["done", "owners_only"]
    assert Membership.objects.filter(team=cast.team, role=Role.OWNER).count() == 1


def test_the_last_place_of_a_link_is_taken_once() -> None:
    cast = factories.make_cast()
    link = invitations.create_link(cast.team, invitations.Link("viewer", places="1"), actor=cast.alice)
    dora = factories.make_user("Dora Dahl")
    joins = (lambda person=person: joining.accept(link, actor=person) for person in (cast.charlie, dora))
    assert at_the_same_moment(*joins) == ["done", "invitation_used"]


def test_an_invitation_accepted_in_two_tabs_makes_one_member() -> None:
    cast = factories.make_cast()
    link = invitations.create_link(cast.team, invitations.Link("viewer"), actor=cast.alice)
    accept = lambda: joining.accept(link, actor=cast.charlie)  # noqa: E731
    assert at_the_same_moment(accept, accept) == ["done", "done"]
    assert Membership.objects.filter(team=cast.team, user=cast.charlie).count() == 1
    assert link.uses.count() == 1
