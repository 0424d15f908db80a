"""A pipeline through the double of a provider, which a file names by `parametrize("double", KINDS, indirect=True)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.pipeline import Pipeline
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from pathlib import Path

    import redis
    from pytest_django import Settings

    from tests.support.providers.double import Double


@pytest.fixture
def double(request: pytest.FixtureRequest) -> Double:
    found: Double = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def through(
    transactional_db: None,
    redis_client: redis.Redis,
    double: Double,
    settings: Settings,
    tone: Path,
    request: pytest.FixtureRequest,
) -> Pipeline:
    """What is brought here is sent to the provider of `double`."""
    settings.STT_PROVIDER = request.node.callspec.params["double"]
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = double.url, double.key
    return Pipeline(environment.from_environment(), tone)
