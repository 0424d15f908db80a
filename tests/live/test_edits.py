"""What people change in a live session while it runs is kept, and told to everyone."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from accounts import attempts
from tests.support.edits import rename, set_text
from transcripts import access, clock
from transcripts.document import Segment, Word
from transcripts.models import Activity, Edit, EditedSegment, LiveSession, Marker, Share, Speaker
from transcripts.models import Segment as SegmentRow
from transcripts.models.choices import MarkerKind, Origin
from transcripts.selectors import live
from transcripts.services.errors import Refused
from transcripts.services.live import final_words, lifecycle
from transcripts.services.sharing import shares
from transcripts.services.transcript import changes, markers

if TYPE_CHECKING:
    import redis

    from accounts.models import User
    from tests.support.pipeline import Pipeline


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
    set_text(said, "Hold the page", actor=person)
    now = SegmentRow.objects.get()
    assert (now.text, now.origin, now.revision) == ("Hold the page", Origin.HUMAN, 2)
    assert [word[:3] for word in now.words] == [["Hold", 0, 400], ["the", 400, 600], ["page", 600, 900]]
    edited = EditedSegment.objects.get(edit__kind="edit")
    assert edited.before is not None
    assert (edited.before["text"], edited.before["origin"]) == ("Hold the paige", Origin.MACHINE)
    assert (edited.edit.number, edited.edit.author) == (2, person)


def test_words_are_counted_again(said: SegmentRow, person: User, session: LiveSession) -> None:
    set_text(said, "Hold the very front page", actor=person)
    session.transcript.refresh_from_db()
    assert session.transcript.word_count == 5


def test_words_that_come_later_leave_a_correction_alone(session: LiveSession, said: SegmentRow, person: User) -> None:
    set_text(said, "Hold the page", actor=person)
    final_words.append(session, Segment("Thursday works", 1_000, 2_000, "S0"))
    assert [row.text for row in SegmentRow.objects.all()] == ["Hold the page", "Thursday works"]


def test_who_comes_late_gets_what_changed_and_nothing_else(
    session: LiveSession, said: SegmentRow, person: User
) -> None:
    final_words.append(session, Segment("Thursday works", 1_000, 2_000, "S0"))
    set_text(said, "Hold the page", actor=person)
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
    rename(said.speaker, "  Ana  Kovač ", actor=person)
    row, _ = final_words.append(session, Segment("And more", 1_000, 2_000, "S0"))
    assert row.speaker == Speaker.objects.get(label="Ana Kovač", is_named=True)
    assert [one["label"] for one in changes.since(session.transcript_id, 1)["speakers"]] == ["Ana Kovač"]
    with pytest.raises(Refused, match="name"):
        rename(said.speaker, " ", actor=person)


def test_a_marker_sent_twice_is_one_and_one_removed_is_shown_to_nobody(session: LiveSession, person: User) -> None:
    chosen = uuid.uuid4()
    for note in ("", "Ask the ministry"):
        markers.put(session.transcript, chosen, actor=person, at_ms=500, note=note, kind=MarkerKind.MARK)
    marker = Marker.objects.get()
    assert (marker.note, marker.at_ms) == ("Ask the ministry", 500)
    markers.remove(session.transcript, marker)
    assert changes.since(session.transcript_id, 0)["markers"][0]["removed"]
    assert live.asides(session)["markers"] == []


def test_the_page_begins_with_the_text_and_with_what_is_between_segments(
    session: LiveSession, said: SegmentRow, person: User, client: Client
) -> None:
    for at_ms, kind in ((2_000, MarkerKind.BREAK), (500, MarkerKind.MARK)):
        markers.put(session.transcript, uuid.uuid4(), actor=person, at_ms=at_ms, note="", kind=kind)
    LiveSession.objects.filter(pk=session.pk).update(gaps=[[3_000, 4_000]])
    client.force_login(person)
    page = client.get(f"/live/{session.pk}/")
    data, asides = page.context["data"], page.context["asides"]
    assert [row[4] for row in data["rows"]] == ["Hold the paige"]
    assert data["urls"]["edits"] == f"/transcripts/{session.transcript_id}/edits/"
    assert data["urls"]["socket"] == f"/ws/live/{session.pk}/"
    assert [(one["at_ms"], one["kind"]) for one in asides["markers"]] == [(500, "mark"), (2_000, "break")]
    assert asides["gaps"] == [[3_000, 4_000]]


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


def batch(row: SegmentRow, was: str, text: str, number: int = 1, client: str = "a1") -> dict[str, object]:
    """What a page sends that had only the first words."""
    return {
        "client": client,
        "n": number,
        "seq": 1,
        "direction": "",
        "ops": [{"op": "set_text", "id": row.key, "was": was, "text": text}],
    }


def test_words_are_edited_while_the_session_runs_and_sent_twice_they_are_one_edit(
    session: LiveSession, said: SegmentRow, person: User, client: Client
) -> None:
    client.force_login(person)
    url = f"/transcripts/{session.transcript_id}/edits/"
    answers = [client.post(url, batch(said, said.text, "Hold the page"), "application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["rows"][0]["text"] == "Hold the page"
    assert Edit.objects.filter(kind="edit").count() == 1


def test_what_two_people_write_at_the_same_moment_is_in_the_text_or_beside_it(
    session: LiveSession, said: SegmentRow, person: User, client: Client
) -> None:
    client.force_login(person)
    url = f"/transcripts/{session.transcript_id}/edits/"
    client.post(url, batch(said, said.text, "Hold the page"), "application/json")
    late = client.post(url, batch(said, said.text, "Hold the pages", client="b2"), "application/json").json()
    assert late["rows"][0]["text"] == "Hold the pages"
    assert [(one["kept"], one["offered"]) for one in late["conflicts"]] == [("pages", "page")]


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
