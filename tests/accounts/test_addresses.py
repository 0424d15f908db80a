"""Each user has one address row: their current address."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Mail, User
from tests.factories import PASSWORD, make_user

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


def addresses() -> list[tuple[str, str, bool, bool]]:
    rows = EmailAddress.objects.order_by("email").values_list("user__email", "email", "primary", "verified")
    return list(rows)


def signs_in(email: str) -> bool:
    return Client().post(reverse("account_login"), {"login": email, "password": PASSWORD}).status_code == 302


@pytest.fixture
def _with_mail(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def test_everyone_has_the_row_that_sign_in_looks_up() -> None:
    make_user("Ana Adler")
    assert addresses() == [("ana@example.org", "ana@example.org", True, True)]


def test_after_a_change_in_the_console_only_the_new_address_signs_in(admin_client: Client) -> None:
    ana = make_user("Ana Adler")
    form = {"email": "Ana.Adler@example.org", "name": "Ana Adler", "is_active": "on"}
    answer = admin_client.post(reverse("admin:accounts_user_change", args=[ana.pk]), form)
    assert answer.status_code == 302
    assert [row[1] for row in addresses() if row[0].startswith("ana")] == ["ana.adler@example.org"]
    assert signs_in("ana.adler@example.org")
    assert not signs_in("ana@example.org")


def test_a_person_created_in_the_console_signs_in(admin_client: Client) -> None:
    form = {"email": "ben@example.org", "name": "Ben", "usable_password": "true", "password1": PASSWORD}
    admin_client.post(reverse("admin:accounts_user_add"), {**form, "password2": PASSWORD})
    assert ("ben@example.org", "ben@example.org", True, True) in addresses()
    assert signs_in("ben@example.org")


def test_no_page_adds_an_address() -> None:
    make_user("Root Adler", is_superuser=True)
    stranger = Client()
    stranger.force_login(make_user("Mallory"))
    with pytest.raises(NoReverseMatch):
        reverse("account_email")
    answer = stranger.post("/accounts/email/", {"email": "root@example.org", "action_add": ""})
    assert answer.status_code == 404
    assert len(addresses()) == 2


@pytest.mark.usefixtures("_with_mail")
def test_with_mail_a_stranger_signs_in_only_after_verification(settings: Settings) -> None:
    settings.SIGNUP = "open"
    make_user("Root Adler", is_superuser=True)
    client = Client()
    form = {"email": "carl@example.org", "password1": "seven quiet rivers", "name": "Carl"}
    assert client.post(reverse("account_signup"), form)["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("library")).status_code == 302
    letter = Mail.objects.get()
    link = next(word for word in letter.text.split() if "confirm-email" in word)
    path = link.removeprefix("http://testserver:8000")
    assert "Verify address" in client.get(path).content.decode()
    client.post(path)
    assert ("carl@example.org", "carl@example.org", True, True) in addresses()


@pytest.mark.usefixtures("_with_mail")
def test_users_whom_an_administrator_created_need_no_verification() -> None:
    make_user("Ana Adler")
    assert signs_in("ana@example.org")


@pytest.mark.parametrize(
    ("host", "public_url", "https", "beginning"),
    [
        ("localhost:31337", "", False, "http://localhost:8000/"),
        ("testserver", "", False, "http://testserver:8000/"),
        ("testserver:31337", "", True, "https://testserver/"),
        ("localhost:31337", "https://verbatim.example.org", False, "https://verbatim.example.org/"),
    ],
)
def test_links_in_mails_begin_with_our_own_address(
    settings: Settings, host: str, public_url: str, https: bool, beginning: str
) -> None:
    settings.PUBLIC_URL, settings.HTTPS = public_url, https
    make_user("Ana Adler")
    Client().post(reverse("account_reset_password"), {"email": "ana@example.org"}, HTTP_HOST=host)
    letter = Mail.objects.get()
    links = [word for word in letter.text.split() if "://" in word]
    assert links
    assert all(link.startswith(beginning) for link in links)
    assert "31337" not in f"{letter.subject} {letter.text}"


def test_no_mail_goes_to_an_address_without_an_account() -> None:
    make_user("Ana Adler")
    answer = Client().post(reverse("account_reset_password"), {"email": "stranger@example.com"}, follow=True)
    assert answer.status_code == 200
    assert not Mail.objects.exists()


def test_strangers_cannot_fill_a_mailbox(settings: Settings) -> None:
    make_user("Ana Adler")
    for number in range(12):
        form, client = {"email": "ana@example.org"}, Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.post(reverse("account_reset_password"), form)
    assert 0 < Mail.objects.count() <= 5
    make_user("Ben Bauer")
    Client().post(reverse("account_reset_password"), {"email": "ben@example.org"})
    assert Mail.objects.latest("pk").to == "ben@example.org"


def test_the_migration_fills_in_missing_rows_and_removes_claims_to_other_addresses() -> None:
    ana, ben = make_user("Ana Adler"), make_user("Ben Bauer")
    EmailAddress.objects.all().delete()
    EmailAddress.objects.create(user=ben, email="ben@example.org", primary=True)
    EmailAddress.objects.create(user=ben, email="ana@example.org")
    import_module("accounts.migrations.0003_email_addresses").fill(apps, None)
    assert addresses() == [(user.email, user.email, True, True) for user in (ana, ben)]


def test_an_address_belongs_to_one_user_whatever_its_case() -> None:
    make_user("Ana Adler", email="Ana@Example.org")
    assert User.objects.get().email == "ana@example.org"
