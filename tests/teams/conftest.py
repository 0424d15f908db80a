"""A team with an owner, an admin, an editor and a viewer, and an outsider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.models import Membership, Role, User
from tests import factories
from transcripts.services.errors import Refused

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.factories import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice owns the team, Erin edits, Vera views; Charlie is in no team of theirs."""
    return factories.make_cast()


@pytest.fixture
def adam(cast: Cast) -> User:
    """An admin of the team."""
    adam = factories.make_user("Adam Ash")
    Membership.objects.create(team=cast.team, user=adam, role=Role.ADMIN)
    return adam


def role_of(user: User, cast: Cast) -> str | None:
    """Return the role of a person in the team of the cast."""
    return Membership.objects.filter(team=cast.team, user=user).values_list("role", flat=True).first()


def refused(code: str) -> AbstractContextManager[object]:
    """Expect a refusal with this code."""
    return pytest.raises(Refused, check=lambda error: error.code == code)
