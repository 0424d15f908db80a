"""A second account beside the pipeline's, at the same scripted server or at none, and rules that name both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts.models import ProviderAccount
from transcripts.services.provider_accounts.routing import changes

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

VARIABLE = "STT_API_KEY_COURT"


@pytest.fixture
def court(pipeline: Pipeline, speech: SpeechProcess, settings: Settings) -> ProviderAccount:
    """Another account, of another price so that it shares no work."""
    settings.STT_API_KEYS = {VARIABLE: speech.key}
    return ProviderAccount.objects.create(
        name="Court", kind="speechstream", endpoint=speech.url, key_variable=VARIABLE, price_a_minute=1
    )


@pytest.fixture
def listed(pipeline: Pipeline, court: ProviderAccount) -> list[ProviderAccount]:
    """The accounts of the instance's rules: the pipeline's first, then Court."""
    accounts = [pipeline.account, court]
    for account in accounts:
        changes.add(None, str(account.pk))
    return accounts
