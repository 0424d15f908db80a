"""No browser stores what was shown to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.factories import make_recording
from tests.views.conftest import client_of

if TYPE_CHECKING:
    from tests.factories import Cast


@pytest.mark.parametrize("name", ["library", "recording", "recording_status", "account_change_password"])
def test_a_page_for_one_person_is_stored_nowhere(name: str, cast: Cast) -> None:
    arguments = [make_recording(cast.team).pk] if name.startswith("recording") else []
    answer = client_of(cast.vera).get(reverse(name, args=arguments))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_page_that_says_better_itself_is_left_alone(cast: Cast) -> None:
    assert "no-store" not in client_of(None).get("/healthz").headers.get("Cache-Control", "")
