"""Uploads and sessions take the defaults of their team for what their sender leaves open."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests import factories
from tests.teams.conftest import refused
from tests.views.conftest import client_of
from transcripts.models import Activity, ProviderAccount, TeamDefaults, Upload
from transcripts.services.exports import requests
from transcripts.services.provider_accounts import environment, selection
from transcripts.services.recordings import uploads
from transcripts.services.teams import defaults

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("redis_client")


@pytest.fixture
def other(settings: Settings) -> ProviderAccount:
    """A second account, with a key."""
    settings.STT_API_KEYS = {"STT_API_KEY_OTHER": "a key"}
    return ProviderAccount.objects.create(
        name="Other", kind="speechstream", endpoint="http://127.0.0.1:9", key_variable="STT_API_KEY_OTHER"
    )


def choose(cast: Cast, language: str = "", account: ProviderAccount | None = None) -> None:
    wish = defaults.Wish(language, str(account.pk) if account else "")
    defaults.change(cast.team, wish, actor=cast.alice)


def send(cast: Cast, **metadata: str) -> Upload:
    """Begin an upload as programs do."""
    said = {"filename": "a.wav", "team": "newsroom", **metadata}
    header = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": header}
    assert client_of(cast.erin).post(reverse("uploads"), headers=headers).status_code == 201
    return Upload.objects.latest("created_at")


def test_an_upload_that_names_no_language_takes_the_team_s(cast: Cast) -> None:
    environment.from_environment()
    assert send(cast).language == ""
    choose(cast, language="de")
    assert send(cast).language == "de"
    assert send(cast, language="fr").language == "fr"
    assert send(cast, language="").language == ""
    assert send(cast, team="erin").language == ""


def test_a_default_that_the_provider_no_longer_knows_refuses_no_upload(cast: Cast) -> None:
    TeamDefaults.objects.create(team=cast.team, language="no language at all")
    said = {"owner": cast.erin, "team": cast.team, "filename": "a.wav", "length": 9}
    assert uploads.create(**said, language=None).language == ""  # type: ignore[arg-type]
    with refused("language"):
        uploads.create(**said, language="no language at all")  # type: ignore[arg-type]


def test_recordings_go_to_the_account_that_the_team_chose(cast: Cast, other: ProviderAccount) -> None:
    usual = environment.from_environment()
    choose(cast, account=other)
    assert selection.for_team(cast.team.pk) == other
    assert selection.for_team(cast.erin.personal_team.pk) == usual


def test_an_account_without_its_key_is_passed_over(cast: Cast, other: ProviderAccount, settings: Settings) -> None:
    usual = environment.from_environment()
    choose(cast, account=other)
    settings.STT_API_KEYS = {}
    assert selection.for_team(cast.team.pk) == usual
    with refused("no_provider"):
        choose(cast, account=other)


def test_the_page_offers_the_team_s_language_first(cast: Cast) -> None:
    choose(cast, language="de")
    client = client_of(cast.erin)
    form = " ".join(client.get("/live/", {"team": "newsroom"}).content.decode().split())
    assert '<option value="de" selected>' in form
    dialog = " ".join(client.get(reverse("upload_options"), {"team": "newsroom"}).content.decode().split())
    assert '<option value="de" selected>' in dialog


def test_the_form_stores_everything_and_says_so(cast: Cast) -> None:
    path = reverse("team_defaults", args=["newsroom"])
    fields = {
        "language": "de",
        "retention_days": "90",
        "forbids_doubtful_approval": "on",
        "requires_second_factor": "on",
    }
    page = client_of(cast.alice).post(path, fields, follow=True).content.decode()
    assert "Saved the defaults." in page
    cast.team.refresh_from_db()
    assert cast.team.forbids_doubtful_approval
    assert cast.team.requires_second_factor
    assert not cast.team.forbids_own_approval
    assert Activity.objects.get(verb="team:defaults_changed").actor == cast.alice


def test_the_page_shows_the_export_profile_that_the_team_used_last(cast: Cast) -> None:
    factories.make_transcript(factories.make_recording(cast.team))
    path = reverse("team_defaults", args=["newsroom"])
    assert "None yet" in client_of(cast.alice).get(path).content.decode()
    requests.remember(cast.alice, cast.team, "srt", {"profile": "bbc"})
    page = " ".join(client_of(cast.alice).get(path).content.decode().split())
    assert "SRT" in page
    assert "profile: bbc" in page
