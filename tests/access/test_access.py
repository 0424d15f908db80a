"""What members and guests can reach, by their role or by the level of their link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.models import Role
from tests import factories
from transcripts import access, clock
from transcripts.access import Guest, Level
from transcripts.models import Share
from transcripts.models.choices import ShareLevel

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
    assert Level.VIEW < Level.COMMENT < Level.EDIT < Level.MANAGE


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("alice", ["yes", "yes", "yes", "yes"]),
        ("erin", ["yes", "yes", "yes", "not allowed"]),
        ("vera", ["yes", "not allowed", "not allowed", "not allowed"]),
        ("charlie", ["not found"] * 4),
    ],
)
def test_members_reach_what_their_role_allows(
    cast: factories.Cast, transcript: Transcript, name: str, answers: list[str]
) -> None:
    assert [reaches(getattr(cast, name), transcript, need) for need in Level] == answers


def test_a_commenter_reads_and_comments_but_changes_nothing(cast: factories.Cast, transcript: Transcript) -> None:
    cora = factories.make_user("Cora Cole")
    cast.team.memberships.create(user=cora, role=Role.COMMENTER)
    assert [reaches(cora, transcript, need) for need in Level] == ["yes", "yes", "not allowed", "not allowed"]


@pytest.mark.parametrize(
    ("level", "answers"),
    [
        (ShareLevel.EDIT, ["yes", "yes", "yes", "not allowed"]),
        (ShareLevel.COMMENT, ["yes", "yes", "not allowed", "not allowed"]),
        (ShareLevel.VIEW, ["yes", "not allowed", "not allowed", "not allowed"]),
        (ShareLevel.CAPTIONS, ["not found"] * 4),
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
