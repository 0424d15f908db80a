"""What others shared appears in one's library, with who shared it and until when, and its events reach the page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.sharing.conftest import PLACES
from transcripts import clock, events
from transcripts.models import Grant
from transcripts.selectors import library
from transcripts.services.sharing import grants

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from accounts.models import Team, User
    from tests.factories import Cast
    from transcripts.models import Transcript

    Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]

SHARED = library.Filters(state="shared")


@pytest.fixture
def desk(cast: Cast) -> Team:
    return factories.make_team("Court desk", owner=cast.alice, viewer=cast.charlie)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The events that were sent, each with the team it went to."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(events, "_send", lambda group, message: sent.append((message["event"], message["team"])))
    return sent


def share(transcript: Transcript, text: str, actor: User, level: str = "edit") -> None:
    grants.share(transcript.recording, text, grants.Terms(level), actor=actor, places=PLACES)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_shared_recordings_are_listed_apart_from_those_of_one_s_teams(
    cast: Cast, transcript: Transcript, desk: Team
) -> None:
    assert library.page(cast.charlie, SHARED).rows == []
    share(transcript, "charlie@example.org", cast.alice)
    page = library.page(cast.charlie, SHARED)
    (row,) = page.rows
    assert row.recording == transcript.recording
    assert page.counts["shared"] == 1
    assert library.page(cast.charlie, library.Filters()).rows == []
    assert library.page(cast.charlie, library.Filters(state="shared", title="Nothing")).rows == []


def test_a_row_says_who_shared_it_and_until_when(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org", cast.alice, "view")
    share(transcript, desk.slug, cast.alice, "edit")
    (row,) = library.page(cast.charlie, SHARED).rows
    assert row.shared
    assert (row.shared.names, row.shared.level, row.shared.until) == (["Alice Adams"], "edit", None)
    ends = [clock.now() + timedelta(days=days) for days in (1, 2)]
    for grant, end in zip(Grant.objects.order_by("pk"), ends, strict=True):
        Grant.objects.filter(pk=grant.pk).update(expires_at=end)
    (row,) = library.page(cast.charlie, SHARED).rows
    assert row.shared
    assert row.shared.until == ends[1]


def test_a_row_offers_what_the_grant_allows_and_nothing_of_the_team(
    cast: Cast, transcript: Transcript, desk: Team
) -> None:
    share(transcript, "charlie@example.org", cast.alice)
    client = client_of(cast.charlie)
    shown = client.get(reverse("library"), {"state": "shared"}).content.decode()
    assert "Shared by <bdi>Alice Adams</bdi>" in shown
    assert "can edit" in shown
    assert transcript.get_absolute_url() in shown
    assert reverse("recording_delete", args=[transcript.recording_id]) not in shown
    row = client.get(reverse("recording_row", args=[transcript.recording_id]))
    assert "Shared by" in row.content.decode()


def test_a_row_of_one_s_own_team_says_nothing_of_sharing(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org, vera@example.org", cast.alice)
    (row,) = library.page(cast.vera, library.Filters()).rows
    assert row.shared is None


def test_the_filter_is_shown_once_something_is_shared(cast: Cast, transcript: Transcript, desk: Team) -> None:
    client = client_of(cast.charlie)
    assert "Shared with me" not in client.get(reverse("library")).content.decode()
    assert "Nothing is shared with you" in client.get(reverse("library"), {"state": "shared"}).content.decode()
    share(transcript, "charlie@example.org", cast.alice)
    assert "Shared with me" in client.get(reverse("library")).content.decode()


def test_those_who_gain_and_lose_a_recording_are_told(
    cast: Cast,
    transcript: Transcript,
    desk: Team,
    told: list[tuple[str, int]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    own = cast.charlie.personal_team.pk
    with django_capture_on_commit_callbacks(execute=True):
        share(transcript, "charlie@example.org", cast.alice)
    assert ("library.changed", own) in told
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        grants.revoke(transcript.recording, Grant.objects.get().pk, actor=cast.alice)
    assert ("library.changed", own) in told
    assert ("recording.changed", own) not in told


def test_events_of_a_recording_reach_those_it_is_shared_with(
    cast: Cast,
    transcript: Transcript,
    desk: Team,
    told: list[tuple[str, int]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    share(transcript, "charlie@example.org", cast.alice)
    share(transcript, desk.slug, cast.alice)
    with django_capture_on_commit_callbacks(execute=True):
        events.publish("recording.changed", transcript.recording)
    teams = {cast.team.pk, desk.pk, cast.charlie.personal_team.pk}
    assert sorted(told) == sorted(("recording.changed", team_id) for team_id in teams)
