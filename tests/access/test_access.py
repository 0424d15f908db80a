"""What members and guests can reach, by their role or by the level of their link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError

from accounts.models import Role
from tests import factories
from transcripts import access, clock
from transcripts.access import Guest, Level
from transcripts.models import Grant, Share
from transcripts.models.choices import GrantLevel, ShareLevel

if TYPE_CHECKING:
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> factories.Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: factories.Cast) -> Transcript:
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.alice))


def guest_of(transcript: Transcript, level: ShareLevel) -> Guest:
    share = Share.objects.create(recording=transcript.recording, level=level, token=f"a-{level}")
    return Guest(share, "Dana")


def reaches(actor: access.Actor, transcript: Transcript, need: Level) -> str:
    try:
        found = access.get_transcript(actor, transcript.pk, need=need)
    except access.NotFound:
        return "not found"
    except access.NotAllowed:
        return "not allowed"
    assert found == transcript
    return "yes"


def test_each_level_includes_those_below() -> None:
    assert Level.VIEW < Level.COMMENT < Level.EDIT < Level.DECIDE < Level.MANAGE


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("alice", ["yes"] * 5),
        ("erin", ["yes", "yes", "yes", "yes", "not allowed"]),
        ("vera", ["yes", *["not allowed"] * 4]),
        ("charlie", ["not found"] * 5),
    ],
)
def test_members_reach_what_their_role_allows(
    cast: factories.Cast, transcript: Transcript, name: str, answers: list[str]
) -> None:
    assert [reaches(getattr(cast, name), transcript, need) for need in Level] == answers


def test_a_commenter_reads_and_comments_but_changes_nothing(cast: factories.Cast, transcript: Transcript) -> None:
    cora = factories.make_user("Cora Cole")
    cast.team.memberships.create(user=cora, role=Role.COMMENTER)
    assert [reaches(cora, transcript, need) for need in Level] == ["yes", "yes", *["not allowed"] * 3]


@pytest.mark.parametrize(
    ("level", "answers"),
    [
        (ShareLevel.EDIT, ["yes", "yes", "yes", "not allowed", "not allowed"]),
        (ShareLevel.COMMENT, ["yes", "yes", *["not allowed"] * 3]),
        (ShareLevel.VIEW, ["yes", *["not allowed"] * 4]),
        (ShareLevel.CAPTIONS, ["not found"] * 5),
    ],
)
def test_guests_reach_what_their_link_allows(transcript: Transcript, level: ShareLevel, answers: list[str]) -> None:
    guest = guest_of(transcript, level)
    assert [reaches(guest, transcript, need) for need in Level] == answers


def test_a_link_opens_its_own_recording_alone(cast: factories.Cast, transcript: Transcript) -> None:
    other = factories.make_transcript(factories.make_recording(cast.team, "Another"))
    assert reaches(guest_of(transcript, ShareLevel.EDIT), other, Level.VIEW) == "not found"


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_a_guest_whose_link_ended_reaches_nothing(transcript: Transcript, end: str) -> None:
    guest = guest_of(transcript, ShareLevel.EDIT)
    Share.objects.filter(pk=guest.share.pk).update(**{end: clock.now() - timedelta(seconds=1)})
    assert reaches(guest, transcript, Level.VIEW) == "not found"


def test_what_is_in_the_trash_is_found_only_if_asked_for(cast: factories.Cast, transcript: Transcript) -> None:
    recording = transcript.recording
    recording.deleted_at = clock.now()
    recording.save(update_fields=["deleted_at"])
    assert reaches(cast.alice, transcript, Level.VIEW) == "not found"
    assert access.get_recording(cast.alice, recording.pk, in_trash=True) == recording
    with pytest.raises(access.NotFound):
        access.get_recording(cast.alice, recording.pk)


def test_every_role_has_a_level() -> None:
    assert access.levels.LEVEL_OF_ROLE.keys() == set(Role)


def test_segments_and_speakers_are_found_in_their_transcript_alone(
    cast: factories.Cast, transcript: Transcript
) -> None:
    other = factories.make_transcript(factories.make_recording(cast.team, "Another"))
    segment, speaker = other.segments.all()[0], other.speakers.all()[0]
    # Keys are unique in a transcript alone
    other.segments.filter(pk=segment.pk).update(key="of-another", is_removed=True)
    other.speakers.filter(pk=speaker.pk).update(key="of-another")
    assert access.segment_in(other.pk, "of-another") == segment
    assert access.speaker_in(other.pk, "of-another") == speaker
    with pytest.raises(access.NotFound):
        access.segment_in(transcript.pk, "of-another")
    with pytest.raises(access.NotFound):
        access.speaker_in(transcript.pk, "of-another")


# Grants


def grant(transcript: Transcript, level: GrantLevel, **to: object) -> Grant:
    return Grant.objects.create(recording=transcript.recording, level=level, **to)


@pytest.mark.parametrize(
    ("level", "answers"),
    [
        (GrantLevel.EDIT, ["yes", "yes", "yes", "not allowed", "not allowed"]),
        (GrantLevel.COMMENT, ["yes", "yes", *["not allowed"] * 3]),
        (GrantLevel.VIEW, ["yes", *["not allowed"] * 4]),
    ],
)
def test_those_it_is_shared_with_reach_what_their_grant_allows(
    cast: factories.Cast, transcript: Transcript, level: GrantLevel, answers: list[str]
) -> None:
    grant(transcript, level, user=cast.charlie)
    assert [reaches(cast.charlie, transcript, need) for need in Level] == answers
    dora = factories.make_user("Dora Dale")
    grant(transcript, level, team=factories.make_team("Court desk", viewer=dora))
    assert [reaches(dora, transcript, need) for need in Level] == answers


def test_the_highest_of_role_and_grants_counts(cast: factories.Cast, transcript: Transcript) -> None:
    grant(transcript, GrantLevel.EDIT, user=cast.vera)
    grant(transcript, GrantLevel.VIEW, user=cast.alice)
    desk = factories.make_team("Court desk", viewer=cast.charlie)
    grant(transcript, GrantLevel.VIEW, user=cast.charlie)
    grant(transcript, GrantLevel.COMMENT, team=desk)
    assert [reaches(cast.vera, transcript, need) for need in Level] == [
        "yes",
        "yes",
        "yes",
        "not allowed",
        "not allowed",
    ]
    assert reaches(cast.alice, transcript, Level.MANAGE) == "yes"
    assert [reaches(cast.charlie, transcript, need) for need in Level] == ["yes", "yes", *["not allowed"] * 3]


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_a_grant_that_ended_opens_nothing(cast: factories.Cast, transcript: Transcript, end: str) -> None:
    grant(transcript, GrantLevel.EDIT, user=cast.charlie, **{end: clock.now() - timedelta(seconds=1)})
    assert reaches(cast.charlie, transcript, Level.VIEW) == "not found"
    assert not access.shared_with(cast.charlie).exists()


def test_what_is_shared_with_a_person_is_what_their_teams_do_not_own(
    cast: factories.Cast, transcript: Transcript
) -> None:
    for user in (cast.charlie, cast.vera):
        grant(transcript, GrantLevel.VIEW, user=user)
    assert list(access.shared_with(cast.charlie)) == [transcript.recording]
    assert not access.shared_with(cast.vera).exists()


def test_the_feed_is_followed_by_those_it_is_shared_with_and_by_links_to_the_text_as_it_is(
    cast: factories.Cast, transcript: Transcript
) -> None:
    grant(transcript, GrantLevel.VIEW, team=factories.make_team("Court desk", viewer=cast.charlie))
    recording = transcript.recording
    whole = Share.objects.create(recording=recording, level=ShareLevel.COMMENT, token="whole")
    Share.objects.create(recording=recording, level=ShareLevel.VIEW, token="names", shows_initials=True)
    Share.objects.create(recording=recording, level=ShareLevel.VIEW, token="part", from_ms=0, until_ms=1)
    Share.objects.create(recording=recording, level=ShareLevel.CAPTIONS, token="captions")
    _, viewers = access.viewers_of([transcript.pk])[transcript.pk]
    people = {("user", one.pk) for one in (cast.alice, cast.erin, cast.vera, cast.charlie)}
    assert viewers == people | {("share", whole.pk)}


@pytest.mark.parametrize(
    "fields",
    [
        {"level": ShareLevel.EDIT, "shows_initials": True},
        {"level": ShareLevel.EDIT, "from_ms": 0, "until_ms": 1},
        {"level": ShareLevel.COMMENT, "is_approved_only": True},
        {"level": ShareLevel.VIEW, "from_ms": 5, "until_ms": 5},
        {"level": ShareLevel.VIEW, "from_ms": 5},
    ],
)
def test_a_link_that_shows_less_than_it_lets_change_can_not_exist(
    transcript: Transcript, fields: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        Share.objects.create(recording=transcript.recording, token="odd", **fields)


def test_ones_own_team_comes_first_also_before_the_own_team_of_another(cast: factories.Cast) -> None:
    """What is dropped on the page goes to the team that the page shows first."""
    alices, erins = cast.alice.personal_team, cast.erin.personal_team
    alices.memberships.create(user=cast.erin, role=Role.EDITOR)
    assert access.editable_teams_of(cast.erin)[0] == erins == access.get_upload_team(cast.erin, "")
    erins.memberships.create(user=cast.alice, role=Role.EDITOR)
    assert access.teams_of(cast.alice)[0] == alices
