"""The page of sharing, with and without a script: what it shows, what its forms do, what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from transcripts import clock
from transcripts.models import Grant, Share, ShareOpening
from transcripts.services.live import lifecycle
from transcripts.services.provider_accounts import environment
from transcripts.services.sharing import shares

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Transcript

HTMX = {"HX-Request": "true", "HX-Target": "share"}
NEXT_YEAR = datetime.now(tz=UTC).year + 1


@pytest.fixture
def erin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.erin)
    return client


def page(client: Client, transcript: Transcript, tab: str = "people", **headers: str) -> str:
    response = client.get(reverse("transcript_share", args=[transcript.pk]), {"tab": tab}, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, *args: Any, **fields: str) -> str:
    """Send a form as the dialog does; return the part that comes back."""
    response = client.post(reverse(name, args=args), fields, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def link_of(transcript: Transcript, cast: Cast, **options: Any) -> Share:
    return shares.create(transcript.recording, shares.Options(**options), actor=cast.erin)


def test_the_page_and_its_part_are_the_same(erin: Client, transcript: Transcript) -> None:
    whole, part = page(erin, transcript), page(erin, transcript, **HTMX)
    assert "<html" in whole
    assert part.lstrip().startswith('<div id="share"')
    assert 'id="share"' in whole


def test_without_a_script_a_form_leads_back_to_its_tab(erin: Client, transcript: Transcript) -> None:
    response = erin.post(reverse("share_links", args=[transcript.pk]), {"level": "view"}, follow=True)
    assert response.redirect_chain == [(f"{reverse('transcript_share', args=[transcript.pk])}?tab=links", 302)]
    assert "Created the link." in response.content.decode()


def test_teams_and_colleagues_are_offered_and_the_team_s_own_are_not(
    erin: Client, cast: Cast, transcript: Transcript
) -> None:
    factories.make_team("Court desk", editor=cast.erin, viewer=factories.make_user("Dora Dale"))
    factories.make_team("Secret desk", owner=cast.charlie)
    shown = page(erin, transcript)
    assert 'value="Court desk"' in shown
    assert 'value="dora@example.org"' in shown
    for other in ("Secret desk", "charlie@example.org", "vera@example.org"):
        assert other not in shown


def test_people_are_added_changed_and_removed(erin: Client, cast: Cast, transcript: Transcript) -> None:
    factories.make_team("Court desk", editor=cast.erin, viewer=cast.charlie)
    shown = post(erin, "transcript_share", transcript.pk, **{"with": "charlie@example.org", "level": "view"})
    assert "Shared with charlie@example.org." in shown
    grant = Grant.objects.get()
    end = f"{NEXT_YEAR}-07-01T18:00"
    post(erin, "share_grant", transcript.pk, grant.pk, level="edit", expires=end, zone="Europe/Kyiv")
    grant.refresh_from_db()
    assert (grant.level, grant.expires_at) == ("edit", datetime(NEXT_YEAR, 7, 1, 15, tzinfo=UTC))
    shown = post(erin, "share_grant", transcript.pk, grant.pk, revoke="1")
    assert "charlie@example.org" not in shown.split("<ul")[1]
    assert not Grant.objects.filter(revoked_at=None).exists()


def test_a_link_can_be_copied_again(erin: Client, cast: Cast, transcript: Transcript) -> None:
    share = link_of(transcript, cast, label="For Dr Hale")
    shown = page(erin, transcript, "links")
    assert f"/s/{share.token}/" in shown
    assert "For Dr Hale" in shown


def test_every_option_of_a_link_is_changed(erin: Client, cast: Cast, transcript: Transcript) -> None:
    share = link_of(transcript, cast)
    target = (transcript.pk, share.pk)
    post(erin, "share_link", *target, change="options", level="view", label="A", allows_text="on", shows_initials="on")
    post(erin, "share_link", *target, **{"change": "stretch", "from": "0:01", "until": "0:02.5"})
    post(erin, "share_link", *target, change="password", password="open sesame")
    share.refresh_from_db()
    assert (share.label, share.allows_text, share.allows_audio, share.shows_initials) == ("A", True, False, True)
    assert (share.from_ms, share.until_ms) == (1000, 2500)
    assert share.password
    shown = post(erin, "share_link", *target, change="password", remove="1")
    assert "Removed the password." in shown
    post(erin, "share_link", *target, change="options", level="view", label="A")
    share.refresh_from_db()
    assert (share.password, share.allows_text, share.from_ms) == ("", False, 1000)


def test_what_is_refused_is_said_and_changes_nothing(erin: Client, cast: Cast, transcript: Transcript) -> None:
    share = link_of(transcript, cast)
    target = (transcript.pk, share.pk)
    for fields, said in (
        (
            {"change": "options", "level": "edit", "shows_initials": "on"},
            "Guests can edit only the transcript as it is.",
        ),
        ({"change": "options", "level": "view", "expires": "2001-01-01T00:00"}, "The end is in the past."),
        ({"change": "stretch", "from": "0:05"}, "Enter the beginning and the end"),
        ({"change": "password"}, "Enter the new password."),
    ):
        assert said in post(erin, "share_link", *target, **fields)
    share.refresh_from_db()
    assert (share.level, share.expires_at, share.from_ms, share.password) == ("view", None, None, "")


def test_an_expired_link_offers_to_renew_or_delete_it(erin: Client, cast: Cast, transcript: Transcript) -> None:
    share = link_of(transcript, cast)
    Share.objects.update(expires_at=clock.now() - timedelta(days=1))
    shown = page(erin, transcript, "links")
    assert "Expired" in shown
    assert share.token not in shown
    assert share.token in post(erin, "share_link", transcript.pk, share.pk, change="renew")
    assert share.token not in post(erin, "share_link", transcript.pk, share.pk, change="revoke")


def test_openings_are_listed_those_of_revoked_links_too(erin: Client, cast: Cast, transcript: Transcript) -> None:
    share = link_of(transcript, cast, label="Legal check")
    ShareOpening.objects.create(share=share, guest_name="Dana <b>", browser="Firefox on Linux")
    shares.revoke(share, actor=cast.erin)
    shown = page(erin, transcript, "opened")
    for text in ("Dana &lt;b&gt;", "Firefox on Linux", "Legal check", "(revoked)"):
        assert text in shown


def test_captions_are_offered_for_a_live_session_alone(erin: Client, cast: Cast, transcript: Transcript) -> None:
    assert 'value="captions"' not in page(erin, transcript, "links")
    environment.from_environment()
    session = lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting")
    assert 'value="captions"' in page(erin, session.transcript, "links")
    shown = post(erin, "share_links", session.transcript.pk, level="captions", opens_text="on")
    share = Share.objects.get()
    assert (share.level, share.opens_text) == ("captions", True)
    assert reverse("captions", args=[share.token]) in shown


def test_a_selection_is_offered_as_the_stretch_of_a_new_link(erin: Client, transcript: Transcript) -> None:
    response = erin.get(
        reverse("transcript_share", args=[transcript.pk]), {"tab": "links", "from": "1160000", "until": "1440000"}
    )
    shown = response.content.decode()
    assert 'value="19:20"' in shown
    assert 'value="24:00"' in shown


def test_the_button_is_for_those_who_may_share(erin: Client, cast: Cast, transcript: Transcript) -> None:
    address = reverse("transcript_share", args=[transcript.pk])
    assert address in erin.get(transcript.get_absolute_url()).content.decode()
    assert address in erin.get(transcript.recording.get_absolute_url()).content.decode()
    vera = Client()
    vera.force_login(cast.vera)
    assert address not in vera.get(transcript.get_absolute_url()).content.decode()
