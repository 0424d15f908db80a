"""Attempts are counted in the tests' Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import redis


@pytest.fixture(autouse=True)
def _no_attempts_before(redis_client: redis.Redis) -> None:
    """No test begins with another's attempts."""
