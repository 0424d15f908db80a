"""Accounts made in the console, and a pipeline through the double of a provider.

A file names the double by `parametrize("double", KINDS, indirect=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.models import User
from tests.support.pipeline import Pipeline
from tests.support.pulse import KEY as PULSE_KEY
from transcripts.models import ProviderAccount
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from pathlib import Path

    import redis
    from django.test import Client
    from pytest_django import Settings

    from tests.support.providers.double import Double
    from tests.support.pulse import PulseDouble


VARIABLE = "STT_API_KEY_COURT"
ADD = reverse("admin:transcripts_provideraccount_add")


def fields(**changed: str) -> dict[str, str]:
    """What the form is sent with; limits are left empty."""
    made = {"name": "Court", "kind": "pulse", "endpoint": "https://api.example.org", "ws_endpoint": ""}
    limits = dict.fromkeys(("upload_limit", "upload_window_ms", "status_interval_ms", "live_limit", "max_bytes"), "")
    return {**made, "key_variable": VARIABLE, **limits, **changed}


@pytest.fixture
def console(transactional_db: None, client: Client) -> Client:
    """The console as a superuser sees it."""
    client.force_login(User.objects.create_superuser("root@example.org", "a password of theirs"))
    return client


@pytest.fixture
def court(settings: Settings, pulse: PulseDouble, console: Client) -> ProviderAccount:
    """An account with Pulse, made in the console."""
    settings.STT_API_KEYS = {VARIABLE: PULSE_KEY}
    console.post(ADD, fields(endpoint=pulse.url))
    return ProviderAccount.objects.get(name="Court")


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
