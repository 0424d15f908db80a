"""The first visitor of an instance that others can reach needs the token from its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts import first_administrator
from accounts.models import User
from project.networks import is_loopback
from project.web.setup_link import announce
from tests.factories import make_user

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

ADMINISTRATOR = {"name": "Olena Marchuk", "email": "olena@example.org", "password": "seven quiet rivers"}


@pytest.fixture(autouse=True)
def _reachable(settings: Settings) -> None:
    settings.IS_LOCAL, settings.PUBLIC_URL = False, "https://verbatim.example.org"


def test_a_stranger_without_the_token_creates_no_administrator() -> None:
    for path in (reverse("setup"), f"{reverse('setup')}?token=guess"):
        answer = Client().post(path, ADMINISTRATOR)
        assert answer.status_code == 403
        assert "Open the address from the log" in answer.content.decode()
    assert not User.objects.exists()


def test_the_address_that_is_printed_leads_to_the_form_and_creates_the_administrator() -> None:
    lines: list[str] = []
    announce(lines.append)
    address = lines[0].split()[-1]
    assert address.startswith("https://verbatim.example.org/setup/?token=")
    path = address.removeprefix("https://verbatim.example.org")
    assert "Create the first administrator" in Client().get(path).content.decode()
    assert Client().post(path, ADMINISTRATOR).status_code == 302
    assert User.objects.get().is_superuser


def test_the_token_is_invalid_afterwards_and_is_not_printed_again() -> None:
    make_user("Olena Marchuk")
    lines: list[str] = []
    announce(lines.append)
    assert lines == []
    path = f"{reverse('setup')}?token={first_administrator.setup_token()}"
    assert Client().post(path, ADMINISTRATOR).status_code == 404


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.1.2.3", False),
    ],
)
def test_only_a_loopback_address_is_this_machine(address: str, is_local: bool) -> None:
    assert is_loopback(address) == is_local
