"""What guests write has the name they gave, and no more rights than their link."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.models import User
from tests.guests.conftest import data_in, guest, link_to, page_of
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import Activity, Comment, Edit
from transcripts.models.choices import ShareLevel, TranscriptStatus
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.review import approval, claims, status

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from tests.factories import Cast
    from transcripts.models import Share, Transcript


def comment(client: Client, share: Share, transcript: Transcript, **fields: str) -> dict[str, Any]:
    url = reverse("guest_comments", args=[share.token, transcript.pk])
    response = client.post(url, {"id": str(uuid.uuid4()), "body": "Is it?", "at_ms": "0", **fields})
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def send(client: Client, share: Share, transcript: Transcript, text: str, n: int = 1) -> HttpResponse:
    was = transcript.segments.get(key="s0").text
    transcript.refresh_from_db(fields=["changes"])
    operation = {"op": "set_text", "id": "s0", "was": was, "text": text}
    batch = {"client": "abc", "n": n, "seq": transcript.changes, "ops": [operation]}
    url = reverse("guest_edits", args=[share.token, transcript.pk])
    return client.post(url, json.dumps(batch), content_type="application/json")  # type: ignore[return-value]


@pytest.fixture
def commented(transcript: Transcript) -> Share:
    return link_to(transcript, ShareLevel.COMMENT)


@pytest.fixture
def edited(transcript: Transcript) -> Share:
    return link_to(transcript, ShareLevel.EDIT)


# Comments


def test_a_comment_has_the_name_of_the_guest(commented: Share, transcript: Transcript) -> None:
    [thread] = comment(guest(commented, "Dana"), commented, transcript)["comments"]
    assert (thread["author"], thread["own"]) == ("Dana (guest)", True)
    stored = Comment.objects.get()
    assert (stored.author, stored.guest, stored.guest_name) == (None, commented, "Dana")


def test_a_guest_changes_and_resolves_their_own_threads_alone(
    commented: Share, transcript: Transcript, cast: Cast
) -> None:
    dana, other = guest(commented, "Dana"), guest(commented, "Dana")
    [mine] = comment(dana, commented, transcript)["comments"]
    theirs = threads.add(transcript, uuid.uuid4(), threads.Draft("Mine.", at_ms=0), actor=cast.erin)
    codes = {}
    for name in ("edit", "remove", "settle"):
        for who, client, pk in (("other", other, mine["id"]), ("team", dana, theirs.pk), ("own", dana, mine["id"])):
            url = reverse(f"guest_comment_{name}", args=[commented.token, transcript.pk, pk])
            codes[name, who] = client.post(url, {"body": "Yes.", "resolved": "yes"}).status_code
            Comment.objects.update(removed_at=None)
    assert codes == {
        (name, who): 200 if who == "own" else 422
        for name in ("edit", "remove", "settle")
        for who in ("other", "team", "own")
    }


def test_guests_reply_to_members_and_members_resolve_what_guests_began(
    commented: Share, transcript: Transcript, cast: Cast
) -> None:
    theirs = threads.add(transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=cast.erin)
    [thread] = comment(guest(commented, "Dana"), commented, transcript, parent=str(theirs.pk))["comments"]
    assert [reply["author"] for reply in thread["replies"]] == ["Dana (guest)"]
    begun = Comment.objects.get(guest=commented)
    threads.settle(begun, is_resolved=True, actor=cast.erin)
    theirs.refresh_from_db()
    assert theirs.resolved_by == cast.erin


def test_no_address_and_no_list_of_members_is_in_what_guests_get(
    commented: Share, edited: Share, transcript: Transcript, cast: Cast
) -> None:
    User.objects.filter(pk=cast.erin.pk).update(name="")
    cast.erin.refresh_from_db()
    threads.add(transcript, uuid.uuid4(), threads.Draft("Is it?", at_ms=0), actor=cast.erin)
    claims.claim(transcript, "s0", "s0", actor=cast.erin)
    answer = json.dumps(comment(guest(commented, "Dana"), commented, transcript))
    refused = send(guest(edited, "Dana"), edited, transcript, "Other words").content.decode()
    page = guest(edited, "Dana").get(page_of(edited)).content.decode()
    assert '"names": []' in answer
    assert "claimed" in refused
    for text in (answer, refused, page):
        assert "example.org" not in text
        assert "Vera" not in text


def test_those_who_only_view_read_no_comments(transcript: Transcript, cast: Cast) -> None:
    threads.add(transcript, uuid.uuid4(), threads.Draft("Secret remark", at_ms=0), actor=cast.erin)
    share = link_to(transcript)
    client = guest(share)
    assert client.get(reverse("guest_comments", args=[share.token, transcript.pk])).status_code == 403
    assert "Secret remark" not in client.get(page_of(share)).content.decode()


# Edits


def test_an_edit_has_the_name_of_the_guest_in_the_history(edited: Share, transcript: Transcript, cast: Cast) -> None:
    assert send(guest(edited, "Dana"), edited, transcript, "The dam was not designed for this.").status_code == 200
    edit = Edit.objects.get(client="abc")
    assert (edit.author, edit.guest, edit.author_name) == (None, edited, "Dana (guest)")
    assert transcript.segments.get(key="s0").text == "The dam was not designed for this."

    history = client_of(cast.vera).get(reverse("transcript_history", args=[transcript.pk]))
    assert "Dana (guest)" in history.content.decode()


def test_without_a_name_nothing_is_written(edited: Share, transcript: Transcript) -> None:
    response = send(guest(edited), edited, transcript, "Nameless")
    assert (response.status_code, response.json()["code"]) == (422, "no_guest_name")  # type: ignore[attr-defined]
    assert not Edit.objects.filter(client="abc").exists()


def test_a_guests_edit_can_be_undone_after_a_reload(edited: Share, transcript: Transcript) -> None:
    client = guest(edited, "Dana")
    send(client, edited, transcript, "The dam was not designed for this.")
    data = data_in(client.get(page_of(edited)).content.decode())
    assert data["undo"] == [Edit.objects.get(client="abc").number]
    assert data_in(guest(edited, "Emil").get(page_of(edited)).content.decode())["undo"] == []


def test_what_is_claimed_is_not_for_guests(edited: Share, transcript: Transcript, cast: Cast) -> None:
    claims.claim(transcript, "s0", "s0", actor=cast.erin)
    response = send(guest(edited, "Dana"), edited, transcript, "Other words")
    assert (response.status_code, response.json()["code"]) == (409, "claimed")  # type: ignore[attr-defined]


def test_a_guests_edit_reopens_an_approved_transcript_under_their_name(
    edited: Share, transcript: Transcript, cast: Cast
) -> None:
    status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    transcript.refresh_from_db()
    approval.approve(transcript, actor=cast.alice, seq=transcript.changes)
    send(guest(edited, "Dana"), edited, transcript, "Other words")
    transcript.refresh_from_db()
    assert transcript.status == TranscriptStatus.IN_REVIEW
    activity = Activity.objects.get(verb="transcript:reopened")
    assert (activity.guest, activity.guest_name, activity.is_automatic) == (edited, "Dana", False)


def test_after_the_link_has_ended_an_edit_is_refused_with_advice(edited: Share, transcript: Transcript) -> None:
    client = guest(edited, "Dana")
    edited.revoked_at = clock.now()
    edited.save()
    response = send(client, edited, transcript, "Too late")
    assert response.status_code == 404
    assert "Copy what you wrote" in response.json()["detail"]  # type: ignore[attr-defined]
    assert not Edit.objects.filter(client="abc").exists()
