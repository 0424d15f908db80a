"""Two-step sign-in: codes of an app, recovery codes, what changes them, and limits against guessing them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User
from accounts.second_step import factors
from tests.factories import PASSWORD, make_user
from tests.support.codes import totp

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


AT = 1_800_000_000


@pytest.fixture(autouse=True)
def _still_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes don't change between two lines of a test."""
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([AT // 30]))


def shown_by_app(secret: str) -> str:
    return totp(secret, at=AT)


@pytest.fixture
def ana() -> User:
    return make_user("Ana Adler")


@pytest.fixture
def secret(ana: User) -> str:
    made: str = generate_totp_secret()
    TOTP.activate(ana, made)
    return made


def give_password(client: Client) -> Response:
    return client.post(reverse("account_login"), {"login": "ana@example.org", "password": PASSWORD})


def give_code(client: Client, code: str) -> Response:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("library")).status_code == 200


def confirmed(user: User) -> Client:
    """A browser in which the person is signed in and has just given their password again."""
    client = Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_password_alone_signs_no_one_in(secret: str) -> None:
    client = Client()
    assert give_password(client)["Location"].startswith(reverse("mfa_authenticate"))
    assert "recovery codes" in client.get(reverse("mfa_authenticate")).content.decode()
    assert not is_signed_in(client)
    assert "That code or passkey isn’t right" in give_code(client, wrong(shown_by_app(secret))).content.decode()
    assert not is_signed_in(client)
    give_code(client, shown_by_app(secret))
    assert is_signed_in(client)


def test_a_code_works_once(secret: str) -> None:
    code = shown_by_app(secret)
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client)
        give_code(client, code)
    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_an_app_is_set_up_after_confirmation_and_with_a_right_code(
    ana: User, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    client.force_login(ana)
    url = reverse("mfa_activate_totp")
    assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    client = confirmed(ana)
    page = client.get(url)
    shown = page.context["form"].secret
    assert shown in page.content.decode()
    assert client.post(url, {"code": wrong(shown_by_app(shown))}).status_code == 200
    assert not factors.has_factor(ana)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"code": shown_by_app(shown)})["Location"] == reverse("mfa_view_recovery_codes")
    assert factors.has_factor(ana)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert shown not in stored, "secrets are encrypted in the database"
    told = Mail.objects.get(to=ana.email)
    assert "authenticator" in (told.subject + told.text).lower()
    assert shown not in told.text


def test_recovery_codes_are_shown_once_and_each_works_once(ana: User, secret: str) -> None:
    client = confirmed(ana)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes"))
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in page.content.decode() for code in codes)
    assert not any(code in client.get(reverse("mfa_view_recovery_codes")).content.decode() for code in codes)
    for is_first in (True, False):
        other = Client()
        give_password(other)
        give_code(other, codes[0])
        assert is_signed_in(other) is is_first
    account = client.get(reverse("account")).content.decode()
    assert "9 of 10 left" in account


def test_recovery_codes_alone_are_no_second_factor(ana: User, secret: str) -> None:
    client = confirmed(ana)
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    assert not factors.has_factor(ana)
    assert not Authenticator.objects.filter(user=ana).exists()


@pytest.mark.usefixtures("redis_client")
def test_codes_can_not_be_guessed_and_the_right_person_gets_in_from_elsewhere(
    secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    guesser = Client(REMOTE_ADDR="192.0.2.9")
    give_password(guesser)
    code = shown_by_app(secret)
    answers = [give_code(guesser, wrong(code)).content.decode() for _ in range(7)]
    assert "Too many attempts with a wrong code" in answers[-1]
    assert "Too many attempts" not in answers[0]
    give_code(guesser, code)
    assert not is_signed_in(guesser), "the limit holds for a right code as well"
    refusals = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert any("code from 192.0.2.9" in message for message in refusals)
    assert not any(code in message or "ana@" in message for message in refusals)
    own = Client(REMOTE_ADDR="198.51.100.7")
    give_password(own)
    give_code(own, code)
    assert is_signed_in(own)


@pytest.mark.usefixtures("redis_client")
def test_right_codes_count_as_no_attempts(ana: User, secret: str) -> None:
    client = confirmed(ana)
    client.post(reverse("mfa_generate_recovery_codes"))
    for code in client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][:7]:
        assert client.post(reverse("mfa_reauthenticate"), {"code": code}).status_code == 302


@pytest.mark.usefixtures("redis_client")
def test_passwords_that_confirm_are_limited_too(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    url = reverse("account_reauthenticate")
    answers = [client.post(url, {"password": f"wrong password {n}"}) for n in range(7)]
    assert "Too many attempts" in answers[-1].content.decode() or answers[-1].status_code == 429
    assert client.get(reverse("account_delete")).status_code == 302


def test_a_password_that_is_hashed_anew_keeps_the_session(ana: User, settings: Settings) -> None:
    client = Client()
    client.force_login(ana)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert not User.objects.get().password.startswith("md5")
    assert is_signed_in(client)


def test_a_mailed_link_to_a_new_password_does_not_pass_the_second_step(ana: User, secret: str) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": ana.email})
    [link] = [word for word in Mail.objects.get().text.split() if "/password/reset/key/" in word]
    form = client.get(link.removeprefix("http://testserver:8000"), follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password1": "nine slow clouds", "password2": "nine slow clouds"})
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(client)
    give_code(client, shown_by_app(secret))
    assert is_signed_in(client)
