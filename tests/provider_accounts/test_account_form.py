"""Provider accounts in the console: what a form begins with, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.provider_accounts.conftest import ADD, fields
from transcripts.models import ProviderAccount
from transcripts.providers.registry import KINDS
from transcripts.services.provider_accounts import health

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from tests.support.pulse import PulseDouble

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_account_has_the_documented_limits_if_its_form_is_sent_as_it_opens(
    console: Client, settings: Settings
) -> None:
    form = console.get(ADD).context["adminform"].form
    opened = {name: form[name].value() for name in form.fields}
    entered = {"name": "Court", "kind": "pulse", "endpoint": "https://api.example.org"}
    console.post(ADD, {name: "" if value is None else value for name, value in (opened | entered).items()})
    account = ProviderAccount.objects.get(name="Court")
    documented = KINDS["pulse"].documented_limits
    assert documented.uploads is not None
    assert (account.upload_limit, account.live_limit) == (documented.uploads.count, documented.live_sessions or 0)


def test_an_account_without_a_key_is_not_asked_how_it_is(
    court: ProviderAccount, settings: Settings, pulse: PulseDouble
) -> None:
    health.check_health(court)
    court.refresh_from_db()
    assert court.health_checked_at is not None
    settings.STT_API_KEYS = {}
    health.check_health(court)
    unasked = ProviderAccount.objects.get(pk=court.pk)
    assert (unasked.health_checked_at, unasked.is_healthy, unasked.health_message) == (None, False, "")
    assert not health.is_any_unknown()


def test_the_console_says_of_an_account_without_a_key_that_it_is_not_asked(
    court: ProviderAccount, console: Client, settings: Settings
) -> None:
    page = reverse("admin:transcripts_provideraccount_change", args=[court.pk])
    assert "Not asked yet" in console.get(page).content.decode()
    settings.STT_API_KEYS = {}
    health.check_health(court)
    assert "Not asked: there is no key" in console.get(page).content.decode()
    # Of one that isn't there yet nothing is known
    opened = console.get(ADD).content.decode()
    assert "icon-no" not in opened
    assert f"costs, in {settings.CURRENCY}." in opened


def test_messages_of_the_console_name_things_as_they_are_written(court: ProviderAccount, console: Client) -> None:
    made = console.post(ADD, fields(name="pulse-court", endpoint="http://127.0.0.1:9", key_variable=""), follow=True)
    assert "The provider account" in made.content.decode()
    account = ProviderAccount.objects.get(name="pulse-court")
    keys_page = reverse("operations_keys", args=[account.pk])
    console.post(reverse("account_reauthenticate"), {"password": "a password of theirs"})
    console.post(f"{keys_page}enter/", {"key": "an-invalid-key-1111"})
    tested = console.post(f"{keys_page}test/", {"credential": account.credentials.get().pk}, follow=True)
    assert "pulse-court said nothing about the key …1111" in tested.content.decode()
