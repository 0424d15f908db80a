"""An instance and who operates it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import User
from tests import factories
from transcripts import queue
from transcripts.models import Lease

if TYPE_CHECKING:
    from collections.abc import Iterator

    import redis
    from django.test import Client

    from tests.factories import Cast


@pytest.fixture
def cast(redis_client: redis.Redis) -> Cast:
    redis_client.flushall()
    return factories.make_cast()


@pytest.fixture
def console(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.org", "a password of theirs"))
    return client


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An instance all of whose processes run."""
    Lease.objects.create(name="conductor", owner="x", until=timezone.now() + timedelta(seconds=4))
    seen = queue.WorkerSeen("w", ("media", "provider", "default"), False, timezone.now())
    monkeypatch.setattr(queue, "workers", lambda: [seen])
    yield
