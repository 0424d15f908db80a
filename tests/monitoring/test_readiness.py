"""An instance says whether it can do its work, and what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError

from tests import factories
from tests.views.conftest import client_of
from transcripts import clock, queue
from transcripts.models import Lease
from transcripts.selectors.monitoring import readiness
from transcripts.services import storage

if TYPE_CHECKING:
    import redis

pytestmark = pytest.mark.django_db


def asked() -> tuple[int, dict[str, str]]:
    answer = client_of(None).get("/readyz")
    said: dict[str, Any] = answer.json()
    return answer.status_code, {check["name"]: check["problem"] for check in said["checks"] if not check["ok"]}


@pytest.fixture(autouse=True)
def _running(redis_client: redis.Redis) -> None:
    factories.make_user("Alice Adams")
    Lease.objects.create(name="conductor", owner="one", until=clock.now() + timedelta(minutes=1))


def test_an_instance_that_has_everything_is_ready() -> None:
    assert asked() == (200, {})


def test_a_conductor_that_is_gone_is_named() -> None:
    Lease.objects.update(until=clock.now() - timedelta(seconds=1))
    assert asked() == (503, {"conductor": readiness.CONDUCTOR})


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "free_bytes", lambda: 0)
    assert asked() == (503, {"disk": readiness.DISK})


def test_a_redis_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_queue: str) -> list[str]:
        raise queue.Unavailable

    monkeypatch.setattr(queue, "waiting", away)
    assert asked() == (503, {"redis": readiness.REDIS})


def test_a_database_that_is_away_is_named_and_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise DatabaseError

    monkeypatch.setattr(readiness, "_has_database", away)
    assert [check.name for check in readiness.checks() if not check.is_ok] == ["database"]
    assert "conductor" not in {check.name for check in readiness.checks()}
