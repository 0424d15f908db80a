"""Claimed stretches: who can edit what, at their borders too, and when they end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import Membership
from tests import factories
from tests.support import edits
from tests.transcript.pages import Page
from transcripts import access, clock
from transcripts.models import Claim, Conflict, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, conflicts
from transcripts.services.transcript.review import approval, claims, status

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db
LINES = [("A", "one two"), ("B", "three four"), ("A", "five six"), ("B", "seven eight"), ("A", "nine ten")]


@pytest.fixture
def claimed(cast: Cast) -> Transcript:
    """Five segments, s0 to s4; Erin has claimed s1 to s3."""
    transcript = factories.make_transcript(factories.make_recording(cast.team, owner=cast.erin), LINES)
    claims.claim(transcript, "s3", "s1", actor=cast.erin)
    return transcript


def expire(transcript: Transcript) -> None:
    Claim.objects.filter(transcript=transcript).update(expires_at=clock.now() - timedelta(seconds=1))


def refused(transcript: Transcript, cast: Cast, *asked: dict[str, Any]) -> bool:
    try:
        edits.apply(transcript, *asked, actor=cast.alice)
    except Refused as refusal:
        assert refusal.code == "claimed"
        assert "Erin East has claimed this stretch" in str(refusal)
        return True
    return False


INSIDE: list[dict[str, Any]] = [
    {"op": "set_text", "id": "s2", "was": "five six", "text": "five seven"},
    {"op": "split", "id": "s3", "was": "seven eight", "at": 6, "new": "n"},
    {"op": "insert", "id": "n", "after": "s1", "text": "new"},
    {"op": "remove", "id": "s1", "was": "three four"},
    {"op": "set_speaker", "ids": ["s0", "s1"], "speaker": ""},
    {"op": "tick", "ids": ["s3", "s4"]},
    # At the border
    {"op": "merge", "id": "s1"},
    {"op": "merge", "id": "s4"},
    {"op": "move_boundary", "id": "s1", "ms": 900},
    {"op": "move_boundary", "id": "s4", "ms": 3300},
    # Everywhere
    {"op": "shift_times", "by_ms": 500},
    {"op": "merge_speakers", "speaker": "1", "into": "0"},
]
OUTSIDE: list[dict[str, Any]] = [
    {"op": "set_text", "id": "s0", "was": "one two", "text": "one"},
    {"op": "insert", "id": "n", "after": "s3", "text": "new"},
    {"op": "insert", "id": "n", "after": "s0", "text": "new"},
    {"op": "split", "id": "s4", "was": "nine ten", "at": 5, "new": "n"},
    {"op": "rename_speaker", "speaker": "1", "label": "Olena"},
]


def named(asked: dict[str, Any]) -> str:
    return f"{asked['op']} {asked.get('id') or asked.get('after') or ''}"


@pytest.mark.parametrize("asked", INSIDE, ids=named)
def test_what_changes_a_claimed_segment_is_refused(claimed: Transcript, cast: Cast, asked: dict[str, Any]) -> None:
    before = list(claimed.segments.values_list("key", "text", "speaker", "start_ms", "end_ms", "is_reviewed"))
    assert refused(claimed, cast, asked)
    assert list(claimed.segments.values_list("key", "text", "speaker", "start_ms", "end_ms", "is_reviewed")) == before
    edits.apply(claimed, asked, actor=cast.erin)


@pytest.mark.parametrize("asked", OUTSIDE, ids=named)
def test_what_is_outside_is_everyones(claimed: Transcript, cast: Cast, asked: dict[str, Any]) -> None:
    assert not refused(claimed, cast, asked)


def test_what_its_holder_splits_off_is_claimed_too(claimed: Transcript, cast: Cast) -> None:
    edits.apply(claimed, {"op": "split", "id": "s2", "was": "five six", "at": 5, "new": "n"}, actor=cast.erin)
    assert refused(claimed, cast, {"op": "set_text", "id": "n", "was": "six", "text": "seven"})


def test_a_claim_outlives_its_first_segment(claimed: Transcript, cast: Cast) -> None:
    edits.apply(claimed, {"op": "merge", "id": "s1"}, actor=cast.erin)
    (described,) = changes.since(claimed.pk, 0)["review"]["claims"]
    assert (described["from"], described["to"]) == ("s2", "s3")
    assert refused(claimed, cast, {"op": "set_text", "id": "s2", "was": "five six", "text": "x"})


def test_a_conflict_in_it_is_its_holders_to_decide(claimed: Transcript, cast: Cast) -> None:
    segment = claimed.segments.get(key="s2")
    times = {"start_ms": segment.words[0][1], "end_ms": segment.words[0][2]}
    conflict = Conflict.objects.create(segment=segment, kept="five", offered="nine", **times)
    with pytest.raises(Refused) as refusal:
        conflicts.take(conflict, revision=segment.revision, actor=cast.alice)
    assert refusal.value.code == "claimed"
    conflict.refresh_from_db()
    assert conflict.resolved_at is None


def test_two_claims_do_not_overlap_and_a_person_has_one(claimed: Transcript, cast: Cast) -> None:
    with pytest.raises(Refused):
        claims.claim(claimed, "s0", "s1", actor=cast.alice)
    claims.claim(claimed, "s4", "s4", actor=cast.alice)
    claims.claim(claimed, "s0", "s0", actor=cast.erin)
    assert sorted(Claim.objects.values_list("holder__name", "first__key")) == [
        ("Alice Adams", "s4"),
        ("Erin East", "s0"),
    ]


# Its end


def test_an_expired_claim_holds_nothing(claimed: Transcript, cast: Cast) -> None:
    expire(claimed)
    assert not refused(claimed, cast, INSIDE[0])
    claims.claim(claimed, "s1", "s2", actor=cast.alice)


def test_a_claim_is_renewed_while_it_holds(claimed: Transcript, cast: Cast) -> None:
    claim = Claim.objects.get()
    soon = clock.now() + timedelta(minutes=1)
    Claim.objects.update(expires_at=soon)
    assert claims.renew(claimed, claim.pk, actor=cast.erin).expires_at > soon
    with pytest.raises(Refused):
        claims.renew(claimed, claim.pk, actor=cast.alice)
    expire(claimed)
    with pytest.raises(Refused) as refusal:
        claims.renew(claimed, claim.pk, actor=cast.erin)
    assert refusal.value.code == "no_claim"


def test_its_holder_and_managers_release_it_and_no_one_else(claimed: Transcript, cast: Cast) -> None:
    claim = Claim.objects.get()
    other = factories.make_user("Edda Elm")
    Membership.objects.create(team=cast.team, user=other, role="editor")
    with pytest.raises(access.NotAllowed):
        access.get_claim(other, claimed.pk, claim.pk)
    claims.release(access.get_claim(cast.alice, claimed.pk, claim.pk), actor=cast.alice)
    assert not Claim.objects.exists()


def test_an_approval_releases_every_claim(claimed: Transcript, cast: Cast) -> None:
    status.move(claimed, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    claimed.refresh_from_db()
    approval.approve(claimed, actor=cast.alice, seq=claimed.changes)
    assert not Claim.objects.exists()


def test_what_was_refused_is_applied_once_the_claim_is_released(claimed: Transcript, cast: Cast) -> None:
    page = Page(claimed, cast.alice, "a1")
    with pytest.raises(Refused):
        page.send(INSIDE[0])
    claims.release(Claim.objects.get(), actor=cast.erin)
    page.sent = 0
    page.send(INSIDE[0])
    assert claimed.segments.get(key="s2").text == "five seven"
