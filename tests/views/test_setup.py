"""The first visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.models import User
from tests.views.conftest import client_of
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from pytest_django import Settings

FOUNDER = {"name": "Olena Marchuk", "email": "olena@example.org", "password": "seven quiet rivers"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_this_machine(settings: Settings) -> None:
    settings.IS_LOCAL = True


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/signup/", "/admin/login/"])
def test_every_page_leads_to_the_set_up_while_nobody_exists(path: str) -> None:
    response = client_of(None).get(path)
    assert response.status_code == 302
    assert response["Location"] == reverse("setup")


def test_the_health_check_answers_before_anybody_exists() -> None:
    assert client_of(None).get("/healthz").status_code == 200


def test_the_first_visitor_becomes_administrator_and_is_signed_in() -> None:
    client = client_of(None)
    response = client.post(reverse("setup"), FOUNDER, follow=True)
    founder = User.objects.get()
    assert founder.is_superuser
    assert founder.email == "olena@example.org"
    assert response.redirect_chain == [(reverse("library"), 302)]
    assert "Drop your first recording here" in response.content.decode()
    account = environment.from_environment()
    # The password was just chosen, so it isn't asked for
    assert client.get(reverse("operations_keys", args=[account.pk])).status_code == 200


def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason() -> None:
    response = client_of(None).post(reverse("setup"), {**FOUNDER, "password": "password"})
    assert response.status_code == 200
    assert "too common" in response.content.decode()
    assert not User.objects.exists()
