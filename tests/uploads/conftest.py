"""An instance that takes uploads, and Alice who sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.models import User
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def founded(db: None) -> None:
    """An instance that has an administrator and a provider."""
    User.objects.create_superuser("founder@example.org", "a password of theirs")
    environment.from_environment()


@pytest.fixture
def alice(client: Client, founded: None) -> User:
    """Signed in as Alice."""
    person = User.objects.create_user("alice@example.org", "a password of hers")
    client.force_login(person)
    return person
