"""Operators end sessions and remove lost second steps, and see no secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return make_user("Ana Adler")


def test_an_operator_signs_out_a_session(admin_client: Client, ana: User) -> None:
    hers = Client()
    hers.force_login(ana)
    assert hers.get(reverse("library")).status_code == 200
    row = UserSession.objects.get(user=ana)
    page = admin_client.get(reverse("admin:usersessions_usersession_changelist"), {"q": "ana@"})
    assert "ana@example.org" in page.content.decode() or "Ana Adler" in page.content.decode()
    opened = admin_client.get(reverse("admin:usersessions_usersession_change", args=[row.pk])).content.decode()
    assert row.session_key not in opened
    action = {"action": "sign_out", "_selected_action": [str(row.pk)]}
    admin_client.post(reverse("admin:usersessions_usersession_changelist"), action)
    assert hers.get(reverse("library")).status_code == 302


def test_a_superuser_removes_a_lost_second_step_and_sees_no_secret(admin_client: Client, ana: User) -> None:
    app = TOTP.activate(ana, generate_totp_secret()).instance
    url = reverse("admin:mfa_authenticator_change", args=[app.pk])
    assert app.data["secret"] not in admin_client.get(url).content.decode()
    staff = make_user("Staff Member", is_staff=True)
    client = Client()
    client.force_login(staff)
    delete = reverse("admin:mfa_authenticator_delete", args=[app.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    admin_client.post(delete, {"post": "yes"})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("name", ["mfa_authenticator", "socialaccount_socialaccount", "usersessions_usersession"])
def test_each_list_can_be_searched(admin_client: Client, name: str) -> None:
    assert admin_client.get(reverse(f"admin:{name}_changelist"), {"q": "x"}).status_code == 200
