"""An instance whose settings describe no provider any more, as when its local speech server has no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcripts.services.errors import NoProvider
from transcripts.services.provider_accounts import accounts, environment

if TYPE_CHECKING:
    from pytest_django import Settings

    from transcripts.models import ProviderAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def former(settings: Settings) -> ProviderAccount:
    """The account of settings that named a provider, noted as the instance's own; then they named none."""
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = "http://127.0.0.1:1", "key"
    environment.note_environment()
    accounts.note_keys()
    account = accounts.current()
    settings.STT_API_ENDPOINT = settings.STT_API_KEY = ""
    return account


def test_no_earlier_account_counts_as_its_own(former: ProviderAccount) -> None:
    environment.note_environment()
    accounts.note_keys()
    with pytest.raises(NoProvider, match="No speech-to-text provider is configured"):
        accounts.current()
    assert accounts.missing_live(for_administrators=True)


def test_the_account_counts_again_when_the_settings_name_it_again(former: ProviderAccount, settings: Settings) -> None:
    environment.note_environment()
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = "http://127.0.0.1:2", "key"
    environment.note_environment()
    assert accounts.current() == former
    assert accounts.current().endpoint == "http://127.0.0.1:2"


def test_a_command_in_another_shell_still_asks_the_database(former: ProviderAccount) -> None:
    assert accounts.current() == former
    assert accounts.with_key(former) == former
