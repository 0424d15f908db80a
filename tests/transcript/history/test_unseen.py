"""What others changed since a person last looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.transcript.pages import Page, say
from tests.views.conftest import client_of
from transcripts.selectors.history.unseen import Unseen, unseen
from transcripts.services.transcript import reading

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


def test_changes_of_others_are_news_and_ones_own_are_not(
    edited: Transcript, cast: Cast, erin: Page, alice: Page
) -> None:
    assert unseen(cast.erin, edited) is None
    reading.note(edited, cast.erin, position_ms=None, seen_change=0)
    assert unseen(cast.erin, edited) is None
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    assert unseen(cast.erin, edited) is None
    alice.send(say("s1", "Thursday works", "Friday works"))
    alice.send(say("s1", "Friday works", "Monday works"))
    assert unseen(cast.erin, edited) == Unseen(0, 2, "Alice Adams")


def test_what_was_seen_is_no_news_any_more(edited: Transcript, cast: Cast, alice: Page) -> None:
    client, url = client_of(cast.vera), reverse("transcript_history", args=[edited.pk])
    client.post(reverse("transcript_position", args=[edited.pk]), {"seen_change": "0"})
    alice.send(say("s1", "Thursday works", "Friday works"))
    part = " ".join(client.get(url).content.decode().split())
    assert "<b>1 change by <bdi>Alice Adams</bdi></b> since you last looked" in part
    assert f"{reverse('transcript_compare', args=[edited.pk])}?from=0" in part
    client.post(reverse("transcript_position", args=[edited.pk]), {"seen_change": "1"})
    assert "since you last looked" not in client.get(url).content.decode()
