"""A script that decides a conflict gets JSON; a form leads back to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.views.conftest import client_of
from transcripts.models import Conflict

if TYPE_CHECKING:
    from django.test import Client

    from tests.factories import Cast
    from transcripts.models import Transcript

JSON = {"Accept": "application/json"}


@pytest.fixture
def conflict(edited: Transcript) -> Conflict:
    segment = edited.segments.order_by("position")[0]
    times = {"start_ms": segment.start_ms or 0, "end_ms": segment.end_ms or 0}
    return Conflict.objects.create(segment=segment, kept="paige", offered="page", **times)


@pytest.fixture
def erin(cast: Cast) -> Client:
    return client_of(cast.erin)


def url(conflict: Conflict, decision: str) -> str:
    return reverse(f"conflict_{decision}", args=[conflict.segment.transcript_id, conflict.pk])


def test_a_script_gets_json(erin: Client, conflict: Conflict) -> None:
    answer = erin.post(url(conflict, "take"), {"revision": conflict.segment.revision}, headers=JSON)
    assert (answer.status_code, answer.json()) == (200, {"decided": conflict.pk})
    conflict.segment.refresh_from_db()
    assert conflict.segment.text == "Hold the page"


def test_a_form_leads_back_to_the_page(erin: Client, conflict: Conflict) -> None:
    answer = erin.post(url(conflict, "keep"))
    assert (answer.status_code, answer["Location"]) == (302, conflict.segment.transcript.get_absolute_url())


def test_a_script_gets_a_problem_if_the_segment_was_changed(erin: Client, conflict: Conflict) -> None:
    answer = erin.post(url(conflict, "take"), {"revision": conflict.segment.revision + 1}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "segment_changed")


def test_a_script_of_a_stranger_gets_a_problem(cast: Cast, conflict: Conflict) -> None:
    answer = client_of(cast.charlie).post(url(conflict, "keep"), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
