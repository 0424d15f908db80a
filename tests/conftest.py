"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from django.conf import settings

from tests.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

CORPUS = Path(os.environ.get("VERBATIM_CORPUS", ROOT.parent / "shared" / "corpus"))


@pytest.fixture(autouse=True)
def _plain_static_files(settings: SettingsWrapper) -> None:
    """Pages render without a collected manifest."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """The tests' Redis, emptied before and after."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    yield client
    client.flushall()
    client.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real recordings, where it is there."""
    if not CORPUS.is_dir():
        pytest.skip("The speech corpus is not beside the project; set VERBATIM_CORPUS to where it lies.")
    return CORPUS
