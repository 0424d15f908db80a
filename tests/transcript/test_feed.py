"""The feed of a transcript: numbered changes with their authors, also of a recording that was uploaded."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from tests.support.edits import rename, set_text
from transcripts import events
from transcripts.access import Guest
from transcripts.models import Edit, Marker, Share, Transcript
from transcripts.models.choices import MarkerKind, Origin, ShareLevel
from transcripts.services.transcript import changes, markers

if TYPE_CHECKING:
    from transcripts.models import Segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def transcript() -> Transcript:
    cast = factories.make_cast()
    return factories.make_transcript(factories.make_recording(cast.team, owner=cast.erin), [("A", "Hold the paige")])


@pytest.fixture
def guest(transcript: Transcript) -> Guest:
    share = Share.objects.create(recording=transcript.recording, level=ShareLevel.EDIT, token="a-link")
    return Guest(share, "Dana")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[uuid.UUID, dict[str, Any]]]:
    """What the pages that follow a transcript are told."""
    messages: list[tuple[uuid.UUID, dict[str, Any]]] = []
    monkeypatch.setattr(events, "publish_to_transcript", lambda pk, message: messages.append((pk, dict(message))))
    return messages


def only_segment(transcript: Transcript) -> Segment:
    return transcript.segments.select_related("transcript", "speaker").get()


def test_changes_of_an_uploaded_recording_are_numbered_and_told(
    transcript: Transcript, told: list[tuple[uuid.UUID, dict[str, Any]]]
) -> None:
    erin, segment = transcript.recording.owner, only_segment(transcript)
    assert erin is not None
    assert segment.speaker is not None
    set_text(segment, "Hold the page", actor=erin)
    rename(segment.speaker, "Ana", actor=erin)
    markers.put(transcript, uuid.uuid4(), actor=erin, at_ms=5, note="Ask", kind=MarkerKind.MARK)
    assert [(pk, message["type"], message["change"]) for pk, message in told] == [
        (transcript.pk, "edit", 1),
        (transcript.pk, "edit", 2),
        (transcript.pk, "marker", 3),
    ]
    assert Transcript.objects.get().changes == 3


def test_a_page_that_missed_changes_asks_for_them(transcript: Transcript) -> None:
    erin = transcript.recording.owner
    assert erin is not None
    set_text(only_segment(transcript), "Hold the page", actor=erin)
    missed = changes.since(transcript.pk, 0)
    assert (missed["change"], [row["text"] for row in missed["rows"]]) == (1, ["Hold the page"])
    later = changes.since(transcript.pk, 1)
    assert (later["change"], later["rows"], later["markers"]) == (1, [], [])


def test_a_guest_is_the_author_of_what_they_change(transcript: Transcript, guest: Guest) -> None:
    segment = only_segment(transcript)
    assert segment.speaker is not None
    set_text(segment, "Hold the page", actor=guest)
    markers.put(transcript, uuid.uuid4(), actor=guest, at_ms=5, note="Ask", kind=MarkerKind.MARK)
    rename(segment.speaker, "Ana", actor=guest)
    edit, marker = Edit.objects.order_by("number").first(), Marker.objects.get()
    named = Edit.objects.order_by("number").last()
    assert only_segment(transcript).origin == Origin.HUMAN
    assert edit is not None
    assert named is not None
    for one in (edit, named):
        assert (one.author, one.guest, one.author_name) == (None, guest.share, "Dana (guest)")
    assert (marker.author, marker.author_name) == (None, "Dana (guest)")
