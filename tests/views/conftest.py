"""A cast and a client for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests import factories
from tests.views.things import make_things

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Erin, Vera and Charlie."""
    return factories.make_cast()


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    """One of each thing that an address names."""
    return make_things(cast)


def client_of(user: User | None) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
