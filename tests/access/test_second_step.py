"""A team that requires two-step sign-in is closed to members without it: pages, media, uploads, feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests import factories
from tests.views.conftest import client_of
from transcripts import access
from transcripts.services.live import lifecycle
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import LiveSession, Recording, Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = factories.make_cast()
    cast.team.requires_second_factor = True
    cast.team.save()
    return cast


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))


@pytest.fixture
def session(cast: Cast) -> LiveSession:
    environment.from_environment()
    return lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting")


def set_up(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())


def sees(user: User, recording: Recording) -> bool:
    return access.recordings_of(user).filter(pk=recording.pk).exists()


def test_every_way_in_is_closed_until_it_is_set_up(cast: Cast, transcript: Transcript, session: LiveSession) -> None:
    erin, recording = cast.erin, transcript.recording

    def ways() -> list[bool]:
        return [
            sees(erin, recording),
            cast.team in access.teams_of(erin),
            cast.team in access.editable_teams_of(erin),
            cast.team.pk in access.editable_team_ids_of(erin),
            cast.team.pk in access.team_ids_of(erin.pk),
            cast.team.pk in access.teams_by_user([erin.pk])[erin.pk],
            access.level_in(erin, cast.team) is not None,
            ("user", erin.pk) in access.viewers_of([transcript.pk])[transcript.pk][1],
            ("speaker", erin.pk) in access.viewers_of([session.transcript_id])[session.transcript_id][1],
        ]

    assert not any(ways())
    set_up(erin)
    assert all(ways())


def test_objects_say_what_is_missing_and_stay_hidden_from_outsiders(
    cast: Cast, transcript: Transcript, session: LiveSession
) -> None:
    for get in (
        lambda user: access.get_team(user, cast.team.slug),
        lambda user: access.get_recording(user, transcript.recording_id),
        lambda user: access.get_transcript(user, transcript.pk),
        lambda user: access.get_live_session(user, session.pk),
    ):
        with pytest.raises(access.NeedsSecondStep, match="Newsroom requires two-step sign-in"):
            get(cast.erin)
        with pytest.raises(access.NotFound) as refusal:
            get(cast.charlie)
        assert not isinstance(refusal.value, access.NeedsSecondStep)


def test_a_page_leads_to_the_account_and_media_are_refused(cast: Cast, transcript: Transcript) -> None:
    client = client_of(cast.vera)
    page = reverse("transcript", args=[transcript.pk])
    answer = client.get(page, headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account") + "#two-step")
    assert "Newsroom requires it" in client.get(reverse("account")).content.decode()
    media = reverse("recording_media", args=[transcript.recording_id])
    assert client.get(media).status_code == 403
    words = client.get(reverse("transcript_words", args=[transcript.pk]))
    assert words.status_code == 403
    upload = client.post(reverse("uploads"), headers={"Tus-Resumable": "1.0.0", "Upload-Length": "1"})
    assert upload.status_code in (201, 400), "one's own team stays open"


def test_other_teams_stay_open(cast: Cast) -> None:
    own = factories.make_recording(cast.erin.personal_team, owner=cast.erin)
    other = factories.make_team("Court", editor=cast.erin)
    assert sees(cast.erin, own)
    assert other in access.teams_of(cast.erin)
    assert client_of(cast.erin).get(reverse("library")).status_code == 200
    assert list(access.closed_teams_of(cast.erin)) == [cast.team]
    assert "Newsroom requires two-step sign-in" in client_of(cast.erin).get(reverse("library")).content.decode()


def test_removing_the_last_factor_closes_the_team_again(cast: Cast, transcript: Transcript) -> None:
    set_up(cast.vera)
    assert sees(cast.vera, transcript.recording)
    Authenticator.objects.filter(user=cast.vera).delete()
    assert not sees(cast.vera, transcript.recording)
