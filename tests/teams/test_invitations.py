"""Who is invited, how, and what becomes of each address."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress

from accounts import attempts
from accounts.models import Invitation, Mail, Membership, Role, User
from tests import factories
from tests.teams.conftest import refused, role_of
from transcripts import clock
from transcripts.access import NotAllowed, NotFound
from transcripts.models import Activity
from transcripts.services.teams import invitations, joining, members
from transcripts.services.teams.addresses import listed

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.factories import Cast


def address(token: str) -> str:
    return f"https://verbatim.example/invitations/{token}/"


def invite(cast: Cast, text: str, role: str = "editor", actor: User | None = None) -> dict[str, str]:
    outcomes = invitations.invite(cast.team, text, role, actor=actor or cast.alice, address=address)
    return {one.address: one.result for one in outcomes}


def link(cast: Cast, **wish: str) -> Invitation:
    return invitations.create_link(cast.team, invitations.Link(**{"role": "viewer", **wish}), actor=cast.alice)


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.org, b@x.org;c@x.org\nd@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ('Ann Lee <A@x.org>, "Doe, Jane" <jane@x.org>', ["a@x.org", "jane@x.org"]),
        ("a@x.org A@X.ORG", ["a@x.org"]),
        ("a@x.org, nonsense,, ", ["a@x.org", "nonsense"]),
        ('"unclosed <a@x.org>', ["a@x.org"]),
        ("a\x00@x.org", ["a@x.org"]),
        ("", []),
    ],
)
def test_addresses_are_read_as_people_paste_them(text: str, found: list[str]) -> None:
    assert listed(text) == found


def test_what_became_of_each_address_is_told(cast: Cast, redis_client: object) -> None:
    invite(cast, "twice@example.org")
    outcomes = invite(cast, "New One <new@example.org>, erin@example.org, twice@example.org, nonsense")
    assert outcomes == {
        "new@example.org": "sent",
        "erin@example.org": "member",
        "twice@example.org": "invited",
        "nonsense": "invalid",
    }


def test_an_address_with_an_account_is_invited_as_one_without(cast: Cast, redis_client: object) -> None:
    assert set(invite(cast, "charlie@example.org, unknown@example.org").values()) == {"sent"}


def test_the_mail_has_a_link_of_its_own_that_no_page_shows(cast: Cast, redis_client: object) -> None:
    invite(cast, "new@example.org", "commenter")
    invitation, mail = Invitation.objects.get(), Mail.objects.get()
    assert mail.to == "new@example.org"
    assert address(invitation.mail_token) in mail.text
    assert invitation.token not in mail.text
    assert "as commenter" in mail.text
    assert "Reads and comments." in mail.text
    assert len(invitation.token) >= 43
    assert invitation.token != invitation.mail_token


def test_a_stranger_s_mailbox_is_not_filled(cast: Cast, redis_client: object) -> None:
    for _ in range(attempts.BY_RECIPIENT.count):
        invite(cast, "new@example.org")
        invitations.revoke(cast.team, Invitation.objects.latest("created_at").pk, actor=cast.alice)
    assert invite(cast, "new@example.org") == {"new@example.org": "limited"}
    assert Mail.objects.count() == attempts.BY_RECIPIENT.count


def test_only_managers_invite_and_no_one_to_be_an_owner(cast: Cast, adam: User, redis_client: object) -> None:
    with pytest.raises(NotAllowed):
        invite(cast, "new@example.org", actor=cast.erin)
    with refused("role"):
        invite(cast, "new@example.org", "owner")
    with refused("role"):
        link(cast, role="owner")
    assert invite(cast, "new@example.org", "admin", actor=adam) == {"new@example.org": "sent"}


def test_too_many_addresses_are_refused_whole(cast: Cast, redis_client: object) -> None:
    with refused("too_many_addresses"):
        invite(cast, ",".join(f"a{n}@example.org" for n in range(invitations.MOST_AT_A_TIME + 1)))
    with refused("no_address"):
        invite(cast, " , ")
    assert not Invitation.objects.exists()


def test_a_team_has_no_open_invitations_without_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 1)
    first = link(cast)
    with refused("too_many_invitations"):
        link(cast)
    invitations.revoke(cast.team, first.pk, actor=cast.alice)
    link(cast)


def test_a_person_mails_no_strangers_without_end(
    cast: Cast, redis_client: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    invite(cast, "a@example.org, b@example.org")
    for invitation in Invitation.objects.all():
        invitations.revoke(cast.team, invitation.pk, actor=cast.alice)
    with refused("too_many_invitations"):
        invite(cast, "c@example.org")
    Invitation.objects.update(created_at=clock.now() - timedelta(days=2))
    invite(cast, "c@example.org")


@pytest.mark.parametrize("wish", [{"domain": "no domain"}, {"places": "0"}, {"places": "many"}, {"places": "1001"}])
def test_a_link_that_can_not_be_read_is_refused(wish: dict[str, str], cast: Cast) -> None:
    with refused(next(iter(wish))):
        link(cast, **wish)


def test_a_member_joins_by_a_link_with_its_role(cast: Cast) -> None:
    invitation = link(cast, role="commenter", label="Court desk")
    assert joining.accept(invitation, actor=cast.charlie)
    assert role_of(cast.charlie, cast) == Role.COMMENTER
    assert Activity.objects.filter(verb="team:joined", actor=cast.charlie, team=cast.team).exists()


def test_a_member_who_accepts_keeps_their_role(cast: Cast) -> None:
    assert not joining.accept(link(cast, role="admin"), actor=cast.vera)
    assert role_of(cast.vera, cast) == Role.VIEWER


def test_a_mailed_invitation_works_once_by_either_of_its_links(cast: Cast, redis_client: object) -> None:
    invite(cast, "new@example.org")
    invitation = Invitation.objects.get()
    assert joining.get(invitation.token) == joining.get(invitation.mail_token) == invitation
    joining.accept(invitation, actor=cast.charlie)
    with refused("invitation_used"):
        joining.accept(invitation, actor=factories.make_user("Dora Dahl"))


def test_a_full_a_revoked_and_an_expired_link_let_no_one_in(cast: Cast) -> None:
    full, revoked, expired = link(cast, places="1"), link(cast), link(cast)
    joining.accept(full, actor=factories.make_user("Dora Dahl"))
    invitations.revoke(cast.team, revoked.pk, actor=cast.alice)
    expire(expired)
    for invitation, code in ((full, "used"), (revoked, "revoked"), (expired, "expired")):
        with refused(f"invitation_{code}"):
            joining.accept(invitation, actor=cast.charlie)
    assert role_of(cast.charlie, cast) is None


def test_an_expired_invitation_is_renewed_and_a_used_one_is_not(cast: Cast, redis_client: object) -> None:
    expired, used = link(cast), link(cast, places="1")
    expire(expired)
    joining.accept(used, actor=factories.make_user("Dora Dahl"))
    invitations.renew(cast.team, expired.pk, actor=cast.alice)
    assert joining.accept(expired, actor=cast.charlie)
    with refused("invitation_ended"):
        invitations.renew(cast.team, used.pk, actor=cast.alice)


def test_an_invitation_is_sent_again_with_the_same_link(cast: Cast, redis_client: object) -> None:
    invite(cast, "new@example.org")
    invitation = Invitation.objects.get()
    expire(invitation)
    assert invitations.send_again(cast.team, invitation.pk, actor=cast.alice, address=address)
    assert [address(invitation.mail_token) in mail.text for mail in Mail.objects.all()] == [True, True]
    joining.accept(invitation, actor=cast.charlie)
    with refused("invitation_ended"):
        invitations.send_again(cast.team, invitation.pk, actor=cast.alice, address=address)


def test_the_invitations_of_another_team_are_not_there(cast: Cast) -> None:
    invitation = link(cast)
    for verb in (invitations.renew, invitations.revoke):
        with pytest.raises(NotFound):
            verb(cast.erin.personal_team, invitation.pk, actor=cast.erin)


@pytest.mark.parametrize("email", ["eve@other.org", "eve@sub.court.example", "eve@notcourt.example"])
def test_a_link_for_a_domain_is_for_no_other(email: str, cast: Cast) -> None:
    invitation = link(cast, domain="@Court.Example")
    with refused("invitation_domain"):
        joining.accept(invitation, actor=factories.make_user("Eve", email=email))
    assert joining.accept(invitation, actor=factories.make_user("Jo", email="jo@court.example"))


def test_an_address_that_no_mail_confirmed_proves_no_domain(cast: Cast, settings: Settings) -> None:
    settings.HAS_MAIL = True
    jo = factories.make_user("Jo", email="jo@court.example")
    EmailAddress.objects.filter(user=jo).update(verified=False)
    invitation = link(cast, domain="court.example")
    with refused("invitation_domain"):
        joining.accept(invitation, actor=jo)
    EmailAddress.objects.filter(user=jo).update(verified=True)
    assert joining.accept(invitation, actor=jo)


def test_who_was_removed_does_not_return_by_a_link_that_they_know(cast: Cast) -> None:
    known = link(cast)
    members.remove(cast.team, cast.vera.pk, actor=cast.alice)
    with refused("invitation_removed"):
        joining.accept(known, actor=cast.vera)
    assert joining.accept(link(cast), actor=cast.vera)


def test_who_left_returns_by_a_link_but_not_twice_by_the_same(cast: Cast) -> None:
    members.leave(cast.team, actor=cast.vera)
    invitation = link(cast)
    assert joining.accept(invitation, actor=cast.vera)
    members.leave(cast.team, actor=cast.vera)
    with refused("invitation_removed"):
        joining.accept(invitation, actor=cast.vera)


def test_no_address_is_in_an_activity(cast: Cast, redis_client: object) -> None:
    invite(cast, "new@example.org")
    assert "new@example.org" not in str(list(Activity.objects.values_list("data", flat=True)))
    assert Membership.objects.filter(team=cast.team).count() == 3
