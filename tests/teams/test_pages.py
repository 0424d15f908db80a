"""The pages of a team, for each role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts import preferences
from accounts.models import Invitation, Role, Team
from tests import factories
from tests.teams.conftest import role_of
from tests.views.conftest import client_of
from transcripts.models import TeamDefaults

if TYPE_CHECKING:
    from accounts.models import User
    from tests.factories import Cast


def post(who: User, action: str, /, *args: object, **fields: str) -> str:
    """Send a form; return the page that follows."""
    response = client_of(who).post(reverse(action, args=["newsroom", *args]), fields, follow=True)
    return response.content.decode()


def test_each_outcome_of_pasted_addresses_is_said(cast: Cast, redis_client: object) -> None:
    page = post(cast.alice, "team_invite", emails="New <new@x.org>, erin@example.org, nonsense", role="viewer")
    assert "Invited new@x.org." in page
    assert "Already in the team: erin@example.org." in page
    assert "Not an e-mail address: nonsense." in page
    assert "Already invited: new@x.org." in post(cast.alice, "team_invite", emails="new@x.org", role="viewer")


@pytest.mark.parametrize(
    ("emails", "kept", "reason"),
    [
        ("new@x.org, Nonsense, erin@example.org", "nonsense", "Not an e-mail address: nonsense."),
        ("a@x.org\n" * 2 + ", ".join(f"{number}@x.org" for number in range(101)), None, "Invite up to 100 addresses"),
        (" ", None, "Enter the addresses of those you want to invite."),
    ],
)
def test_refused_addresses_stay_in_the_form_with_their_reason(
    cast: Cast, redis_client: object, emails: str, kept: str | None, reason: str
) -> None:
    page = post(cast.alice, "team_invite", emails=emails, role="viewer")
    [typed] = re.findall(r'aria-invalid="true"\s+required>([^<]*)</textarea>', page)
    assert typed == (emails if kept is None else kept)
    assert re.search(rf'id="emails-refusal" role="alert">{reason}', page)
    assert '<option value="viewer" selected>Viewer' in " ".join(page.split())
    assert "emails-refusal" not in client_of(cast.alice).get(reverse("team", args=["newsroom"])).content.decode()


def test_an_address_that_had_several_mails_stays_in_the_form(cast: Cast, redis_client: object) -> None:
    for _ in range(20):
        page = post(cast.alice, "team_invite", emails="new@x.org", role="viewer")
        if "try again later" in page:
            break
        Invitation.objects.all().delete()
    assert re.search(r"required>new@x\.org</textarea>", page)


def test_the_form_is_empty_once_all_are_invited(cast: Cast, redis_client: object) -> None:
    page = post(cast.alice, "team_invite", emails="new@x.org", role="viewer")
    assert "required></textarea>" in page
    assert "emails-refusal" not in page


def test_a_role_is_changed_from_the_page(cast: Cast) -> None:
    assert "Vera Vale is now: commenter." in post(cast.alice, "member_role", cast.vera.pk, role="commenter")
    assert role_of(cast.vera, cast) == Role.COMMENTER


def test_a_refusal_is_said_on_the_page(cast: Cast) -> None:
    assert "A team needs an owner." in post(cast.alice, "team_leave")


def test_a_member_is_removed_from_the_page_and_the_team_is_gone_for_them(cast: Cast) -> None:
    assert "Removed Vera Vale." in post(cast.alice, "member_remove", cast.vera.pk)
    assert client_of(cast.vera).get(reverse("team", args=["newsroom"])).status_code == 404


def test_those_who_do_not_manage_the_team_see_no_forms_for_it(cast: Cast) -> None:
    page = client_of(cast.erin).get(reverse("team", args=["newsroom"])).content.decode()
    for action in ("team_invite", "team_link", "team_rename", "team_transfer", "team_delete"):
        assert reverse(action, args=["newsroom"]) not in page
    assert "Alice Adams" in page
    assert reverse("team_leave", args=["newsroom"]) in page


def test_an_admin_is_offered_no_ownership(cast: Cast, adam: User) -> None:
    page = client_of(adam).get(reverse("team", args=["newsroom"])).content.decode()
    assert '<option value="owner"' not in page
    assert reverse("member_role", args=["newsroom", cast.alice.pk]) not in page
    assert reverse("member_role", args=["newsroom", cast.erin.pk]) in page


def test_a_link_is_created_renewed_and_revoked_from_the_page(cast: Cast) -> None:
    page = post(cast.alice, "team_link", role="viewer", label="Court desk", domain="court.example", places="5")
    assert "Anyone at court.example with the link" in page
    assert "0 of 5 places used" in " ".join(page.split())
    invitation = Invitation.objects.get()
    assert "lasts two more weeks" in post(cast.alice, "team_invitation", invitation.pk, renew="1")
    assert "Court desk" not in post(cast.alice, "team_invitation", invitation.pk, revoke="1")


def test_a_team_is_deleted_only_if_its_name_is_typed(cast: Cast) -> None:
    assert "Type the name of the team exactly" in post(cast.alice, "team_delete", name="newsroom")
    post(cast.alice, "team_delete", name="Newsroom")
    assert not Team.objects.filter(slug="newsroom").exists()


def test_a_person_creates_a_team_and_is_told_what_is_missing(cast: Cast) -> None:
    client = client_of(cast.charlie)
    assert "Enter a name for the team." in client.post(reverse("team_new"), {"name": " "}).content.decode()
    response = client.post(reverse("team_new"), {"name": "Court desk"})
    assert response["Location"] == reverse("team", args=["court-desk"])


def test_the_library_begins_with_the_team_that_one_switched_to(cast: Cast) -> None:
    factories.make_recording(cast.team, "Council meeting")
    factories.make_recording(cast.alice.personal_team, "Shopping list")
    client = client_of(cast.alice)
    both = client.get("/").content.decode()
    assert "Council meeting" in both
    assert "Shopping list" in both
    assert client.post(reverse("team_switch", args=["newsroom"]))["Location"] == reverse("library")
    begun = client.get("/").content.decode()
    assert "Council meeting" in begun
    assert "Shopping list" not in begun
    assert 'data-current-team="newsroom"' in begun
    assert "Shopping list" in client.get("/?team=").content.decode()


def test_uploads_and_sessions_begin_with_it_too(cast: Cast) -> None:
    client = client_of(cast.erin)
    client.post(reverse("team_switch", args=["newsroom"]))
    for path in (reverse("upload_options"), "/live/"):
        page = " ".join(client.get(path).content.decode().split())
        assert re.search(r'<option value="newsroom"[^>]* selected>', page)


def test_a_team_that_one_is_in_no_more_is_switched_from(cast: Cast) -> None:
    preferences.change(cast.charlie, {"team": "newsroom"})
    recording = factories.make_recording(cast.charlie.personal_team, "Shopping list")
    assert str(recording) in client_of(cast.charlie).get("/").content.decode()


@pytest.mark.parametrize("who", ["erin", "vera"])
def test_only_managers_change_the_defaults_and_all_members_see_them(who: str, cast: Cast) -> None:
    path = reverse("team_defaults", args=["newsroom"])
    client = client_of(getattr(cast, who))
    assert "Owners and admins of the team change these." in client.get(path).content.decode()
    assert client.post(path, {"retention_days": "30"}).status_code == 403
    assert not TeamDefaults.objects.exists()


def test_the_console_lists_invitations_without_their_secrets(cast: Cast, redis_client: object) -> None:
    post(cast.alice, "team_invite", emails="new@x.org", role="viewer")
    invitation = Invitation.objects.get()
    root = client_of(factories.make_user("Root", is_staff=True, is_superuser=True))
    page = root.get(reverse("admin:accounts_invitation_change", args=[invitation.pk])).content.decode()
    assert "new@x.org" in page
    assert invitation.token not in page
    assert invitation.mail_token not in page
