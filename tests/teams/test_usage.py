"""What a team used this month, counted as its limits count it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.models import Team
from tests import factories
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import MediaFile, ProviderCall
from transcripts.models.choices import CallOutcome, MediaKind
from transcripts.selectors.teams import usage
from transcripts.services import quotas
from transcripts.services.teams import members

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tests.factories import Cast

MINUTE_MS = 60_000


def transcribed(
    cast: Cast, owner: User, minutes: int, outcome: str = CallOutcome.ACCEPTED, *, at: datetime | None = None
) -> None:
    """Let a recording of so many minutes have been sent to a provider."""
    recording = factories.make_recording(cast.team, owner=owner)
    MediaFile.objects.create(recording=recording, kind=MediaKind.ORIGINAL, storage_name=str(recording.pk), bytes=1000)
    ProviderCall.objects.create(
        job=factories.make_job(recording, account=factories.make_account()),
        account=factories.make_account(),
        endpoint="upload",
        outcome=outcome,
        audio_ms=minutes * MINUTE_MS,
        started_at=at or clock.now(),
    )


def used(cast: Cast) -> usage.UsagePage:
    return usage.page_of(cast.vera, "newsroom")


def test_usage_is_counted_by_member_and_in_total(cast: Cast) -> None:
    transcribed(cast, cast.erin, 30)
    transcribed(cast, cast.erin, 15)
    transcribed(cast, cast.alice, 5)
    page = used(cast)
    assert page.files.used == 50 * MINUTE_MS
    assert [(name, one.files_ms // MINUTE_MS) for name, one in page.people] == [("Erin East", 45), ("Alice Adams", 5)]
    assert page.storage.used >= 3000


def test_what_the_provider_did_not_take_and_earlier_months_do_not_count(cast: Cast) -> None:
    transcribed(cast, cast.erin, 30, CallOutcome.FAILED)
    transcribed(cast, cast.erin, 30, at=quotas.month() - timedelta(minutes=1))
    assert used(cast).files.used == 0


def test_what_former_members_used_is_counted_too(cast: Cast) -> None:
    transcribed(cast, cast.erin, 30)
    members.remove(cast.team, cast.erin.pk, actor=cast.alice)
    page = used(cast)
    assert page.files.used == 30 * MINUTE_MS
    assert [name for name, _ in page.people] == [usage.FORMER]


def test_a_limit_says_how_much_is_left_and_none_says_so(cast: Cast) -> None:
    transcribed(cast, cast.erin, 30)
    path = reverse("team_usage", args=["newsroom"])
    page = " ".join(client_of(cast.vera).get(path).content.decode().split())
    assert page.count("No limit") == 3
    Team.objects.filter(pk=cast.team.pk).update(minutes_a_month=60)
    page = " ".join(client_of(cast.vera).get(path).content.decode().split())
    assert "of 1 h 0 min, 30 minutes left" in page
    assert used(cast).files.permille == 500


def test_more_than_the_limit_leaves_nothing(cast: Cast) -> None:
    transcribed(cast, cast.erin, 30)
    Team.objects.filter(pk=cast.team.pk).update(minutes_a_month=10)
    page = used(cast)
    assert (page.files.left, page.files.permille) == (0, 1000)
