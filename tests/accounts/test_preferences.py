"""Preferences: what can be stored, by whom, and what holds until a person changes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from accounts import preferences
from accounts.models import Preferences
from tests import factories
from tests.views.conftest import client_of


def post(user: Any, body: Any) -> Any:
    return client_of(user).post(reverse("preferences"), json.dumps(body), content_type="application/json")


def test_nothing_is_stored_until_a_person_changes_something(db: None) -> None:
    ana = factories.make_user("Ana")
    assert preferences.of(ana) == preferences.DEFAULTS
    assert not Preferences.objects.exists()


def test_a_change_leaves_the_other_settings_alone(db: None) -> None:
    ana, ben = factories.make_user("Ana"), factories.make_user("Ben")
    post(ana, {"speed": 1.5})
    answer = post(ana, {"own_keys": {"playback.back": ["F7"]}})
    assert answer.json() == preferences.DEFAULTS | {"speed": 1.5, "own_keys": {"playback.back": ["F7"]}}
    assert preferences.of(ben) == preferences.DEFAULTS


def test_a_setting_that_is_set_back_is_stored_no_longer(db: None) -> None:
    ana = factories.make_user("Ana")
    post(ana, {"speed": 2})
    post(ana, {"speed": 1})
    assert Preferences.objects.get().values == {}


@pytest.mark.parametrize(
    "body",
    [
        [],
        "speed",
        {"colour": "red"},
        {"speed": True},
        {"speed": 3.1},
        {"speed": "1"},
        {"seek_on": "touch"},
        {"while_typing": None},
        {"back_on_resume_ms": -1},
        {"key_preset": "vim"},
        {"own_keys": {"PLAY": ["F7"]}},
        {"own_keys": {"playback.back": "F7"}},
        {"own_keys": {"playback.back": ["x" * 41]}},
        {"pedals": {"05f3": {"0.1": "playback.back"}}},
        {"pedals": {"05f3:00ff": {"zero": "playback.back"}}},
        {"speed": 2, "colour": "red"},
        {"uploads": {"desk": {"team": "desk", "language": "de"}}},
        {"uploads": {"desk": {"team": "desk", "language": "de", "folder": "x"}}},
        {"uploads": {"no slug": {"team": "desk", "language": "de", "folder": ""}}},
    ],
)
def test_what_is_no_setting_is_refused_and_nothing_changes(body: Any, db: None) -> None:
    ana = factories.make_user("Ana")
    answer = post(ana, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert preferences.of(ana) == preferences.DEFAULTS


@pytest.mark.parametrize("body", [b"", b"{", b'{"speed": 1' + b" " * 70_000 + b"}"])
def test_a_malformed_or_endless_request_is_refused(body: bytes, db: None) -> None:
    answer = client_of(factories.make_user("Ana")).post(reverse("preferences"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_every_default_can_be_stored(db: None) -> None:
    assert post(factories.make_user("Ana"), preferences.DEFAULTS).status_code == 200


def test_pages_carry_the_settings_of_who_reads_them(db: None) -> None:
    ana = factories.make_user("Ana")
    post(ana, {"while_typing": "slow"})
    assert '"while_typing": "slow"' in client_of(ana).get("/").content.decode()
