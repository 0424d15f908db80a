"""The page of an invitation: a person joins, a stranger signs up or in and comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import attempts
from accounts.models import Invitation, Mail, Role, User
from tests.factories import PASSWORD
from tests.teams.conftest import role_of
from tests.views.conftest import client_of
from transcripts.services.teams import invitations, members

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("redis_client")
NEW = "new@court.example"


@pytest.fixture(autouse=True)
def _closed(settings: Settings) -> None:
    settings.SIGNUP = "invitation"


@pytest.fixture
def with_mail(settings: Settings) -> None:
    """A mail server: addresses must be verified."""
    settings.HAS_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def link(cast: Cast, **wish: str) -> Invitation:
    return invitations.create_link(cast.team, invitations.Link(**{"role": "viewer", **wish}), actor=cast.alice)


def mailed(cast: Cast) -> Invitation:
    """Invite an address from the page; return the invitation."""
    path = reverse("team_invite", args=[cast.team.slug])
    client_of(cast.alice).post(path, {"emails": NEW, "role": "editor"})
    return Invitation.objects.get(email=NEW)


def path_of(token: str) -> str:
    return reverse("invitation", args=[token])


def sign_up(client: Client, path: str, email: str = NEW) -> Any:
    fields = {"email": email, "password1": "a password of theirs", "name": "New One", "next": path}
    return client.post(reverse("account_signup"), fields)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_says_which_team_with_which_role_and_who_invites(cast: Cast) -> None:
    page = text_of(Client().get(path_of(link(cast).token)))
    assert "Join Newsroom" in page
    assert "Alice Adams invites you to this team on Verbatim as viewer" in page
    assert "Reads and listens, and downloads transcripts and audio." in page


def test_a_person_joins_by_pressing_the_button_and_not_by_opening_the_link(cast: Cast) -> None:
    path, client = path_of(link(cast).token), client_of(cast.charlie)
    client.get(path)
    assert role_of(cast.charlie, cast) is None
    response = client.post(path)
    assert response["Location"] == reverse("team", args=["newsroom"])
    assert role_of(cast.charlie, cast) == Role.VIEWER
    assert "You are in the team “Newsroom” already." in text_of(client.post(path, follow=True))


def test_sign_up_is_closed_without_an_invitation_and_open_with_one(cast: Cast) -> None:
    client, path = Client(), path_of(link(cast).token)
    sign_up(client, path)
    assert not User.objects.filter(email=NEW).exists()
    client.get(path)
    assert sign_up(client, path)["Location"] == path
    client.post(path)
    assert role_of(User.objects.get(email=NEW), cast) == Role.VIEWER


@pytest.mark.parametrize("end", ["revoked", "full"])
def test_an_invitation_that_ended_opens_no_sign_up(end: str, cast: Cast) -> None:
    invitation = link(cast, places="1")
    client, path = Client(), path_of(invitation.token)
    client.get(path)
    if end == "revoked":
        invitations.revoke(cast.team, invitation.pk, actor=cast.alice)
    else:
        client_of(cast.charlie).post(path)
    sign_up(client, path)
    assert not User.objects.filter(email=NEW).exists()


def test_a_stranger_signs_in_and_comes_back(cast: Cast) -> None:
    client, path = Client(), path_of(link(cast).token)
    page = client.get(path).content.decode()
    assert f"{reverse('account_login')}?next=" in page
    fields = {"login": cast.charlie.email, "password": PASSWORD, "next": path}
    assert client.post(reverse("account_login"), fields)["Location"] == path


@pytest.mark.usefixtures("with_mail")
def test_the_link_in_the_mail_verifies_the_invited_address(cast: Cast) -> None:
    invitation = mailed(cast)
    path = path_of(invitation.mail_token)
    assert path in Mail.objects.get(to=NEW).text
    client = Client()
    client.get(path)
    assert sign_up(client, path)["Location"] == path
    assert EmailAddress.objects.get(email=NEW).verified
    client.post(path)
    assert role_of(User.objects.get(email=NEW), cast) == Role.EDITOR


@pytest.mark.usefixtures("with_mail")
def test_the_link_that_managers_copy_verifies_no_address(cast: Cast) -> None:
    path, client = path_of(mailed(cast).token), Client()
    client.get(path)
    assert sign_up(client, path)["Location"] == reverse("account_email_verification_sent")
    assert not EmailAddress.objects.get(email=NEW).verified


@pytest.mark.usefixtures("with_mail")
def test_the_link_in_the_mail_verifies_no_other_address(cast: Cast) -> None:
    path, client = path_of(mailed(cast).mail_token), Client()
    client.get(path)
    sign_up(client, path, "victim@bank.example")
    assert not EmailAddress.objects.get(email="victim@bank.example").verified
    assert not EmailAddress.objects.filter(email=NEW).exists()


@pytest.mark.usefixtures("with_mail")
def test_who_confirms_an_address_returns_to_the_invitation(cast: Cast) -> None:
    path, client = path_of(link(cast, domain="court.example").token), Client()
    client.get(path)
    sign_up(client, path)
    sent = " ".join(str(one.body) for one in mail.outbox) + " ".join(one.text for one in Mail.objects.filter(to=NEW))
    confirm = re.search(r"/accounts/confirm-email/\S+", sent)
    assert confirm
    response = client.post(confirm[0])
    assert response["Location"] == path


def test_only_the_page_of_the_team_s_managers_shows_links_and_never_that_of_the_mail(cast: Cast) -> None:
    invitation = mailed(cast)
    path = reverse("team", args=["newsroom"])
    owners, editors = (client_of(who).get(path).content.decode() for who in (cast.alice, cast.erin))
    assert invitation.token in owners
    assert invitation.mail_token not in owners
    assert invitation.token not in editors
    assert NEW not in editors


@pytest.mark.parametrize("end", ["revoked", "full", "removed"])
def test_what_can_not_be_accepted_says_why(end: str, cast: Cast) -> None:
    invitation = link(cast, places="1")
    person = cast.charlie
    if end == "revoked":
        invitations.revoke(cast.team, invitation.pk, actor=cast.alice)
    elif end == "full":
        client_of(cast.charlie).post(path_of(invitation.token))
        person = None  # type: ignore[assignment]
    else:
        members.remove(cast.team, cast.vera.pk, actor=cast.alice)
        person = cast.vera
    response = client_of(person).get(path_of(invitation.token))
    assert response.status_code == 410
    said = {"revoked": "was revoked", "full": "Everyone that this link was for", "removed": "before you were removed"}
    assert said[end] in text_of(response)


def test_guessing_is_stopped_and_the_right_link_still_works(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    answers = [client.get(path_of(f"guess{n}")).status_code for n in range(attempts.BY_GUESSER.count + 1)]
    assert answers == [404] * attempts.BY_GUESSER.count + [429]
    assert "Too many unknown invitations" in caplog.text
    assert client.get(path_of(link(cast).token)).status_code == 200
