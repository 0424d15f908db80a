"""Who may open what: every URL pattern of the project with nobody, an outsider, a viewer, an editor and an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.views.conftest import client_of
from tests.views.table import LOGIN, TABLE, WHO
from tests.views.things import RENAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase

    from tests.factories import Cast

# Belong to Django's console and to allauth, which test themselves; both are asked as a whole below.
GROUPS = ("admin/", "accounts/")


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def own_names() -> set[str]:
    return {str(entry.name) for route, entry in patterns(get_resolver()) if not route.startswith(GROUPS)}


def people(cast: Cast) -> dict[str, Any]:
    return dict(zip(WHO, (None, cast.charlie, cast.vera, cast.erin, cast.alice), strict=True))


def url_of(name: str, things: dict[str, Any]) -> str:
    named = {key: things[key] for key in TABLE[name].kwargs}
    return reverse(name, kwargs={RENAMED.get(key, key): value for key, value in named.items()})


def ask(name: str, who: str, cast: Cast, things: dict[str, Any]) -> HttpResponseBase:
    method, url = TABLE[name].method.upper(), url_of(name, things)
    return client_of(people(cast)[who]).generic(method, url, headers={"Tus-Resumable": "1.0.0"})


def test_every_url_has_a_row() -> None:
    assert own_names() == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_url_answers_each_person_as_their_role_allows(name: str, cast: Cast, things: dict[str, Any]) -> None:
    answers = []
    for who in WHO:
        with transaction.atomic():
            response = ask(name, who, cast, things)
            transaction.set_rollback(True)  # each finds things as they were
        answers.append(response.status_code)
        if who == "nobody" and response.status_code == LOGIN and not name.startswith("guest"):
            assert response["Location"].startswith(reverse("account_login"))
    assert tuple(answers) == TABLE[name].answers


@pytest.mark.parametrize("who", WHO)
def test_the_console_opens_to_nobody_without_the_right(who: str, cast: Cast) -> None:
    response = client_of(people(cast)[who]).get(reverse("admin:index"))
    assert response.status_code == LOGIN


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_sign_in_pages_open_to_strangers(name: str, cast: Cast) -> None:
    assert client_of(None).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["account_change_password", "account_logout"])
def test_account_pages_ask_strangers_to_sign_in(name: str, cast: Cast) -> None:
    assert client_of(None).get(reverse(name)).status_code == LOGIN
    assert client_of(cast.vera).get(reverse(name)).status_code == 200
