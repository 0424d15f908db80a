"""Whoever watches the instance learns what of it does not answer."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncRequestFactory

from project.web import health

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import redis


@pytest.fixture(autouse=True)
async def _connections(transactional_db: None) -> AsyncIterator[None]:
    """Close what the test's threads opened: PostgreSQL keeps a database that somebody is connected to."""
    yield
    await sync_to_async(connections.close_all)()


async def answer() -> tuple[int, dict[str, Any]]:
    response = await health.healthz(AsyncRequestFactory().get("/healthz"))
    return response.status_code, json.loads(response.content)


async def test_an_instance_that_works_says_so(redis_client: redis.Redis) -> None:
    assert await answer() == (200, {"status": "ok"})


async def test_a_redis_that_hangs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hangs:
        async def group_send(self, *_: object) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(health, "get_channel_layer", Hangs)
    monkeypatch.setattr(health, "ANSWERS_WITHIN_S", 0.2)
    status, said = await answer()
    assert status == 503
    assert "redis" in said["failing"]
