"""Who can create an account, and what the page says to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.signup.setting import read_signup
from tests.factories import make_user

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client")]


@pytest.fixture(autouse=True)
def _someone() -> None:
    make_user("Root Adler", is_superuser=True)


def sign_up(email: str) -> str:
    form = {"email": email, "password1": "seven quiet rivers", "name": "Carl"}
    return Client().post(reverse("account_signup"), form).content.decode()


def exists(email: str) -> bool:
    return User.objects.filter(email=email).exists()


@pytest.mark.parametrize(
    ("mode", "message"),
    [("closed", "created by an administrator"), ("invitation", "You need an invitation"), ("domain:a.org", "no mail")],
)
def test_a_closed_page_says_why(settings: Settings, mode: str, message: str) -> None:
    settings.SIGNUP = mode
    assert message in Client().get(reverse("account_signup")).content.decode()
    assert message in sign_up("carl@a.org")
    assert not exists("carl@a.org")
    assert "Create an account" not in Client().get(reverse("account_login")).content.decode()


def test_a_domain_signs_up_and_others_are_told_which(settings: Settings) -> None:
    settings.SIGNUP, settings.HAS_MAIL = "domain:a.org, b.org", True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert "Use an address of a.org or b.org." in sign_up("carl@elsewhere.org")
    assert "Use an address of a.org" in sign_up("carl@a.org.elsewhere.org")
    sign_up("Carl@B.org")
    assert exists("carl@b.org")
    assert User.objects.count() == 2


def test_anyone_signs_up_if_it_is_open(settings: Settings) -> None:
    settings.SIGNUP = "open"
    sign_up("carl@anywhere.org")
    assert exists("carl@anywhere.org")


@pytest.mark.parametrize(
    ("text", "earlier", "is_local", "mode"),
    [
        ("", "", True, "open"),
        ("", "", False, "invitation"),
        ("", "true", False, "open"),
        ("", "false", True, "closed"),
        ("closed", "true", True, "closed"),
        ("domain:a.org", "", False, "domain:a.org"),
    ],
)
def test_the_setting_replaces_the_earlier_one(text: str, earlier: str, is_local: bool, mode: str) -> None:
    assert read_signup(text, earlier, is_local=is_local) == mode


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="choose closed, invitation"):
        read_signup("everyone", "", is_local=True)
