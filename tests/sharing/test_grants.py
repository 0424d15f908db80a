"""Sharing with people and teams: who gets what, who learns what, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts import preferences
from accounts.models import Mail, Role
from tests import factories
from tests.sharing.conftest import PLACES, refused
from transcripts import access, clock
from transcripts.access import Level, NotAllowed, NotFound
from transcripts.models import Activity, Grant, Notification, Share
from transcripts.services import notifications
from transcripts.services.sharing import grants

if TYPE_CHECKING:
    from accounts.models import Team, User
    from tests.factories import Cast
    from transcripts.models import Transcript


def share(transcript: Transcript, text: str, level: str = "view", *, actor: User) -> dict[str, str]:
    outcomes = grants.share(transcript.recording, text, grants.Terms(level), actor=actor, places=PLACES)
    return {one.name: one.result for one in outcomes}


@pytest.fixture
def desk(cast: Cast) -> Team:
    """A team that Alice, Charlie and Dora are in."""
    dora = factories.make_user("Dora Dale")
    return factories.make_team("Court desk", owner=cast.alice, viewer=cast.charlie, commenter=dora)


def test_a_colleague_gets_a_grant_and_a_mail(cast: Cast, transcript: Transcript, desk: Team) -> None:
    assert share(transcript, "Charlie <CHARLIE@example.org>", "edit", actor=cast.alice) == {
        "charlie@example.org": "granted"
    }
    assert access.get_transcript(cast.charlie, transcript.pk, need=Level.EDIT) == transcript
    mail = Mail.objects.get(to="charlie@example.org")
    assert mail.subject == "Alice Adams shared “Council meeting” with you"
    assert "You can edit the transcript." in mail.text
    assert PLACES.page in mail.text
    told = Notification.objects.get(user=cast.charlie)
    assert notifications.sentence_of(told) == "Alice Adams shared “Council meeting” with you"
    assert Activity.objects.filter(verb="share:granted", actor=cast.alice, recording=transcript.recording).exists()


def test_who_wants_no_mail_gets_none(cast: Cast, transcript: Transcript, desk: Team) -> None:
    preferences.change(cast.charlie, {"notify": {"shared": {"page": True, "mail": "off"}}})
    share(transcript, "charlie@example.org", "edit", actor=cast.alice)
    assert not Mail.objects.exists()
    assert Notification.objects.filter(user=cast.charlie).count() == 1


def test_an_address_with_an_account_is_told_apart_from_one_without_by_nothing(
    cast: Cast, transcript: Transcript
) -> None:
    """Charlie has an account and is in no team of Alice's."""
    outcomes = share(transcript, "charlie@example.org, unknown@example.org", "comment", actor=cast.alice)
    assert set(outcomes.values()) == {"mailed"}
    assert not Grant.objects.exists()
    for email in outcomes:
        link = Share.objects.get(label=email)
        assert link.level == "comment"
        assert link.token in Mail.objects.get(to=email).text


def test_a_team_is_named_by_its_name_or_its_short_name(cast: Cast, transcript: Transcript, desk: Team) -> None:
    for name in ("Court desk", desk.slug):
        assert share(transcript, name, "comment", actor=cast.alice) == {"Court desk": "granted"}
    assert Grant.objects.get().team == desk
    assert access.get_transcript(cast.charlie, transcript.pk, need=Level.COMMENT) == transcript
    assert set(Mail.objects.values_list("to", flat=True)) == {"charlie@example.org", "dora@example.org"}


def test_a_team_with_a_common_name_has_to_be_named_exactly(cast: Cast, transcript: Transcript, desk: Team) -> None:
    other = factories.make_team("Court desk", owner=cast.alice)
    with refused("share_ambiguous"):
        share(transcript, "Court desk", actor=cast.alice)
    share(transcript, other.slug, actor=cast.alice)
    assert Grant.objects.get().team == other


def test_a_team_that_one_is_not_in_is_no_team(cast: Cast, transcript: Transcript) -> None:
    factories.make_team("Secret desk", owner=cast.charlie)
    assert share(transcript, "Secret desk", actor=cast.alice) == {"secret desk": "invalid"}
    assert not Grant.objects.exists()


def test_sharing_again_changes_the_one_grant(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org", "view", actor=cast.alice)
    Grant.objects.update(expires_at=clock.now() - timedelta(days=1))
    share(transcript, "charlie@example.org", "edit", actor=cast.alice)
    grant = Grant.objects.get()
    assert (grant.level, grant.expires_at) == ("edit", None)


def test_one_s_own_address_and_nonsense_are_told(cast: Cast, transcript: Transcript) -> None:
    assert share(transcript, "alice@example.org, nonsense", actor=cast.alice) == {
        "alice@example.org": "yourself",
        "nonsense": "invalid",
    }


def test_a_mailbox_is_not_filled_by_sharing_again_and_again(cast: Cast, transcript: Transcript, desk: Team) -> None:
    for _ in range(8):
        assert share(transcript, "charlie@example.org", actor=cast.alice) == {"charlie@example.org": "granted"}
    assert 1 <= Mail.objects.count() < 8


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [("", "view", "share_no_one"), ("a@x.org", "own", "share_level"), ("a@x.org", "captions", "share_level")],
)
def test_what_can_not_be_read_is_refused_and_shares_nothing(
    cast: Cast, transcript: Transcript, text: str, level: str, code: str
) -> None:
    with refused(code):
        share(transcript, text, level, actor=cast.alice)
    assert not Share.objects.exists()


def test_there_are_no_grants_without_end(
    cast: Cast, transcript: Transcript, desk: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "MOST_GRANTS", 1)
    share(transcript, "charlie@example.org", actor=cast.alice)
    with refused("share_too_many"):
        share(transcript, "dora@example.org", actor=cast.alice)
    monkeypatch.setattr(grants, "MOST_AT_A_TIME", 1)
    with refused("share_too_many"):
        share(transcript, "a@x.org, b@x.org", actor=cast.alice)


def test_editors_of_the_team_share_and_those_it_is_shared_with_do_not(
    cast: Cast, transcript: Transcript, desk: Team
) -> None:
    share(transcript, "a@x.org", actor=cast.erin)
    share(transcript, "charlie@example.org", "edit", actor=cast.alice)
    for person in (cast.charlie, cast.vera):
        with pytest.raises(NotAllowed):
            share(transcript, "b@x.org", actor=person)
    with pytest.raises(NotFound):
        share(transcript, "b@x.org", actor=factories.make_user("Eve"))


def test_rights_are_read_again_when_the_change_is_made(cast: Cast, transcript: Transcript) -> None:
    recording = transcript.recording
    cast.team.memberships.filter(user=cast.erin).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        grants.share(recording, "a@x.org", grants.Terms("view"), actor=cast.erin, places=PLACES)


def test_level_and_end_are_changed(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org", actor=cast.alice)
    end = clock.now() + timedelta(days=2)
    grants.change(transcript.recording, Grant.objects.get().pk, grants.Terms("edit", end), actor=cast.alice)
    grant = Grant.objects.get()
    assert (grant.level, grant.expires_at) == ("edit", end)
    assert access.get_transcript(cast.charlie, transcript.pk, need=Level.EDIT) == transcript


def test_a_revoked_grant_opens_nothing_and_can_be_given_again(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org", actor=cast.alice)
    grants.revoke(transcript.recording, Grant.objects.get().pk, actor=cast.erin)
    with pytest.raises(NotFound):
        access.get_transcript(cast.charlie, transcript.pk)
    with pytest.raises(NotFound):
        grants.revoke(transcript.recording, Grant.objects.get().pk, actor=cast.erin)
    assert Activity.objects.filter(verb="share:grant_revoked", actor=cast.erin).count() == 1
    share(transcript, "charlie@example.org", actor=cast.alice)
    assert access.get_transcript(cast.charlie, transcript.pk) == transcript


def test_the_grant_of_another_recording_is_not_found(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org", actor=cast.alice)
    other = factories.make_recording(cast.team, "Another")
    with pytest.raises(NotFound):
        grants.revoke(other, Grant.objects.get().pk, actor=cast.alice)
    with pytest.raises(NotFound):
        grants.change(other, Grant.objects.get().pk, grants.Terms("edit"), actor=cast.alice)


def test_no_activity_holds_an_address(cast: Cast, transcript: Transcript, desk: Team) -> None:
    share(transcript, "charlie@example.org, unknown@example.org", actor=cast.alice)
    assert all("@" not in str(one.data) for one in Activity.objects.all())
