"""What people change in a live session while it runs is kept, told to everybody, and never overwritten."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from accounts import attempts
from transcripts import access, clock
from transcripts.document import Segment, Word
from transcripts.models import Activity, Edit, EditedSegment, Marker, Share, Speaker
from transcripts.models import Segment as SegmentRow
from transcripts.models.choices import MarkerKind, Origin
from transcripts.selectors import live
from transcripts.services.errors import Refused
from transcripts.services.live import final_words, lifecycle
from transcripts.services.sharing import shares
from transcripts.services.transcript import changes, edits, markers, speakers

if TYPE_CHECKING:
    import redis

    from accounts.models import User
    from tests.support.pipeline import Pipeline
    from transcripts.models import LiveSession


@pytest.fixture
def said(session: LiveSession) -> SegmentRow:
    """The first line of the session."""
    words = (Word("Hold", 0, 400), Word("the", 400, 600), Word("paige", 600, 900))
    row, _ = final_words.append(session, Segment("Hold the paige", 0, 900, "S0", words))
    return row


@pytest.fixture
def person(pipeline: Pipeline) -> User:
    return pipeline.person


def test_a_correction_keeps_what_was_there(said: SegmentRow, person: User) -> None:
    edits.set_text(said, text="  Hold the\npage ", revision=1, actor=person)
    now = SegmentRow.objects.get()
    assert (now.text, now.origin, now.revision) == ("Hold the page", Origin.HUMAN, 2)
    assert [word[:3] for word in now.words] == [["Hold", 0, 400], ["the", 400, 600], ["page", 600, 900]]
    edited = EditedSegment.objects.get(edit__kind="edit")
    assert edited.before is not None
    assert (edited.before["text"], edited.before["origin"]) == ("Hold the paige", Origin.MACHINE)
    assert (edited.edit.number, edited.edit.author) == (2, person)


def test_the_same_correction_twice_is_one(said: SegmentRow, person: User) -> None:
    edits.set_text(said, text="Hold the page", revision=1, actor=person)
    edits.set_text(said, text="Hold the page", revision=1, actor=person)
    assert Edit.objects.filter(kind="edit").count() == 1


def test_a_correction_of_what_is_not_there_any_more_is_refused_with_what_is(said: SegmentRow, person: User) -> None:
    edits.set_text(said, text="Hold the page", revision=1, actor=person)
    with pytest.raises(edits.Stale) as refused:
        edits.set_text(said, text="Hold page one", revision=1, actor=person)
    assert refused.value.segment.text == "Hold the page"
    assert SegmentRow.objects.get().text == "Hold the page"


def test_words_are_counted_again(said: SegmentRow, person: User, session: LiveSession) -> None:
    edits.set_text(said, text="Hold the very front page", revision=1, actor=person)
    session.transcript.refresh_from_db()
    assert session.transcript.word_count == 5


def test_a_text_without_end_is_refused(said: SegmentRow, person: User) -> None:
    with pytest.raises(Refused, match="can’t be read"):
        edits.set_text(said, text="x" * 100_001, revision=1, actor=person)


def test_words_that_come_later_leave_a_correction_alone(session: LiveSession, said: SegmentRow, person: User) -> None:
    edits.set_text(said, text="Hold the page", revision=1, actor=person)
    final_words.append(session, Segment("Thursday works", 1_000, 2_000, "S0"))
    assert [row.text for row in SegmentRow.objects.all()] == ["Hold the page", "Thursday works"]


def test_who_comes_late_gets_what_changed_and_nothing_else(
    session: LiveSession, said: SegmentRow, person: User
) -> None:
    final_words.append(session, Segment("Thursday works", 1_000, 2_000, "S0"))
    edits.set_text(said, text="Hold the page", revision=1, actor=person)
    markers.put(session.transcript, uuid.uuid4(), actor=person, at_ms=500, note="Ask", kind=MarkerKind.MARK)
    news = changes.since(session.transcript_id, 2)
    assert [row["text"] for row in news["rows"]] == ["Hold the page"]
    assert [marker["note"] for marker in news["markers"]] == ["Ask"]
    assert news["change"] == 4
    later = changes.since(session.transcript_id, 4)
    assert (later["change"], later["rows"], later["markers"]) == (4, [], [])


def test_a_voice_has_its_name_wherever_it_speaks(session: LiveSession, said: SegmentRow, person: User) -> None:
    assert said.speaker
    said.speaker.transcript = session.transcript
    speakers.rename(said.speaker, label="  Ana  Kovač ", actor=person)
    row, _ = final_words.append(session, Segment("And more", 1_000, 2_000, "S0"))
    assert row.speaker == Speaker.objects.get(label="Ana Kovač", is_named=True)
    assert [one["label"] for one in changes.since(session.transcript_id, 1)["speakers"]] == ["Ana Kovač"]
    with pytest.raises(Refused, match="name"):
        speakers.rename(said.speaker, label=" ", actor=person)


def test_a_marker_sent_twice_is_one_and_one_removed_is_shown_to_nobody(session: LiveSession, person: User) -> None:
    chosen = uuid.uuid4()
    for note in ("", "Ask the ministry"):
        markers.put(session.transcript, chosen, actor=person, at_ms=500, note=note, kind=MarkerKind.MARK)
    marker = Marker.objects.get()
    assert (marker.note, marker.at_ms) == ("Ask the ministry", 500)
    markers.remove(session.transcript, marker)
    assert changes.since(session.transcript_id, 0)["markers"][0]["removed"]
    assert live.in_order(session) == []


def test_everything_stands_in_the_order_of_time(session: LiveSession, said: SegmentRow, person: User) -> None:
    final_words.append(session, Segment("Later", 5_000, 6_000))
    markers.put(session.transcript, uuid.uuid4(), actor=person, at_ms=2_000, note="", kind=MarkerKind.BREAK)
    session.gaps = [[3_000, 4_000]]
    assert [kind for kind, _ in live.in_order(session)] == ["segment", "marker", "gap", "segment"]


def test_markers_stand_in_the_text_when_the_session_is_over(
    session: LiveSession, said: SegmentRow, person: User, client: Client
) -> None:
    for at_ms, note in ((500, "Ask the ministry"), (7_000, "The end")):
        markers.put(session.transcript, uuid.uuid4(), actor=person, at_ms=at_ms, note=note, kind=MarkerKind.MARK)
    client.force_login(person)
    page = client.get(f"/transcripts/{session.transcript_id}/").content.decode()
    assert page.index("Hold the paige") < page.index("Ask the ministry") < page.index("The end")
    assert 'data-seek="7000"' in page


def test_a_marker_of_another_recording_is_nobodys(session: LiveSession, person: User, client: Client) -> None:
    other = lifecycle.start(owner=person, team=person.personal_team, title="Another")
    marker = markers.put(other.transcript, uuid.uuid4(), actor=person, at_ms=5, note="", kind=MarkerKind.MARK)
    client.force_login(person)
    answer = client.post(f"/live/{session.pk}/markers/{marker.pk}/", {"at_ms": "7", "note": "mine"})
    assert answer.status_code == 404
    marker.refresh_from_db()
    assert marker.note == ""


def test_an_edit_over_http_answers_with_what_the_segment_says_now(
    session: LiveSession, said: SegmentRow, person: User, client: Client
) -> None:
    client.force_login(person)
    url = f"/live/{session.pk}/segments/{said.key}/"
    good = client.post(url, {"text": "Hold the page", "revision": "1"})
    assert (good.status_code, good.json()["segment"]["revision"]) == (200, 2)
    late = client.post(url, {"text": "Hold page one", "revision": "1"})
    assert (late.status_code, late.json()["segment"]["text"]) == (409, "Hold the page")
    assert late.json()["detail"] == "Someone else changed this segment."
    assert late.json()["code"] == "segment_changed"
    assert late["Content-Type"] == "application/problem+json"
    long = client.post(url, {"text": "x" * 100_001, "revision": "2"})
    assert (long.status_code, long.json()["code"]) == (422, "bad_edit")


def test_a_segment_of_another_session_is_not_found(
    session: LiveSession, said: SegmentRow, person: User, client: Client
) -> None:
    other = lifecycle.start(owner=person, team=person.personal_team, title="Another")
    client.force_login(person)
    answer = client.post(f"/live/{other.pk}/segments/{said.key}/", {"text": "Mine", "revision": "1"})
    assert answer.status_code == 404


@pytest.fixture
def link(session: LiveSession, person: User) -> Share:
    return shares.share_captions(session.recording, actor=person, lifetime="day", password="seven seas")


def test_a_link_asks_for_its_password_once(link: Share, said: SegmentRow, client: Client) -> None:
    url = f"/captions/{link.token}/"
    assert b"Hold the paige" not in client.get(url).content
    assert b"Wrong password" in client.post(url, {"password": "eight seas"}).content
    assert client.post(url, {"password": "seven seas"}).status_code == 302
    assert b"Hold the paige" in client.get(url).content
    assert b"Hold the paige" not in Client().get(url).content


def test_passwords_are_not_tried_without_end_and_other_guests_come_in_all_the_same(
    link: Share, client: Client, redis_client: redis.Redis
) -> None:
    url = f"/captions/{link.token}/"
    for _ in range(attempts.BY_ADDRESS_AND_ACCOUNT.count):
        client.post(url, {"password": "eight seas"})
    assert b"Too many attempts" in client.post(url, {"password": "seven seas"}).content
    assert client.post(url, {"password": "seven seas"}, REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize("end", ["expired", "revoked", "deleted"])
def test_a_link_that_ended_opens_nothing(link: Share, person: User, client: Client, end: str) -> None:
    if end == "expired":
        Share.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    elif end == "revoked":
        shares.revoke(link, actor=person)
    else:
        link.recording.deleted_at = clock.now()
        link.recording.save()
    answer = client.get(f"/captions/{link.token}/")
    assert answer.status_code == 404
    assert b"no longer works" in answer.content
    assert not shares.of(link.recording).exists()


def test_who_may_listen_are_members_and_open_links(session: LiveSession, link: Share, person: User) -> None:
    number, who = access.viewers_of([session.transcript_id])[session.transcript_id]
    assert number == 0
    assert who == frozenset({("user", person.pk), ("speaker", person.pk), ("share", link.pk)})
    shares.revoke(link, actor=person)
    assert access.viewers_of([session.transcript_id])[session.transcript_id][1] == {
        ("user", person.pk),
        ("speaker", person.pk),
    }
    assert Activity.objects.filter(verb="share:revoked").exists()
