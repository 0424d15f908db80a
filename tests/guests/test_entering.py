"""A guest comes in by a link: with its password, once a session and day in its log, and never after its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.guests.conftest import PASSWORD, guest, link_to, page_of
from tests.views.conftest import client_of
from transcripts import clock
from transcripts.models import ShareOpening
from transcripts.models.choices import LiveStatus, ShareLevel
from transcripts.services.live import leases, lifecycle
from transcripts.services.sharing import guests

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import LiveSession, Share, Transcript

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"


def test_a_link_opens_the_transcript(transcript: Transcript) -> None:
    page = Client().get(page_of(link_to(transcript)))
    assert page.status_code == 200
    assert "The dam was never designed for this." in page.content.decode()
    assert "Shared by <bdi>Alice Adams</bdi>" in page.content.decode()


def test_what_a_guest_gets_is_kept_nowhere(transcript: Transcript) -> None:
    page = Client().get(page_of(link_to(transcript)))
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin"
    assert set(page.cookies) == {"sessionid"}


def test_ended_and_unknown_links_look_the_same(transcript: Transcript) -> None:
    past = clock.now() - timedelta(minutes=1)
    urls = [page_of(link_to(transcript, expires_at=past)), page_of(link_to(transcript, revoked_at=past)), "/s/guess/"]
    pages = [Client().get(url) for url in urls]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({page.content for page in pages}) == 1
    assert "Ask them for a new one" in pages[0].content.decode()


def test_a_recording_in_the_trash_opens_for_no_one(transcript: Transcript) -> None:
    share = link_to(transcript)
    transcript.recording.deleted_at = clock.now()
    transcript.recording.save()
    assert Client().get(page_of(share)).status_code == 404


def test_a_password_is_asked_for_once(transcript: Transcript) -> None:
    share = link_to(transcript, password=PASSWORD)
    client = Client()
    asked = client.get(page_of(share)).content.decode()
    assert "River dams" not in asked
    assert "asks for a password" in asked
    wrong = client.post(page_of(share), {"password": "guess"}).content.decode()
    assert "Wrong password" in wrong
    assert "River dams" not in wrong
    assert client.post(page_of(share), {"password": PASSWORD}).status_code == 302
    assert "River dams" in client.get(page_of(share)).content.decode()


def test_guessing_is_stopped_and_the_right_person_still_gets_in(transcript: Transcript) -> None:
    share = link_to(transcript, password=PASSWORD)
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    answers = [guesser.post(page_of(share), {"password": f"guess {number}"}).content.decode() for number in range(40)]
    assert "Too many" in answers[-1]
    assert "Too many" in guesser.post(page_of(share), {"password": PASSWORD}).content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    assert elsewhere.post(page_of(share), {"password": PASSWORD}).status_code == 302


def test_an_opening_is_recorded_once_a_session_and_day(transcript: Transcript) -> None:
    share = link_to(transcript)
    client = Client(headers={"User-Agent": FIREFOX})
    client.head(page_of(share))
    assert not ShareOpening.objects.exists()
    for _ in range(3):
        client.get(page_of(share))
    opening = ShareOpening.objects.get()
    assert (opening.share, opening.browser, opening.guest_name) == (share, "Firefox on Linux", "")


def test_a_program_without_a_session_does_not_fill_the_log(
    transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guests, "MOST_OPENINGS_A_DAY", 2)
    share = link_to(transcript)
    for _ in range(4):
        assert Client().get(page_of(share)).status_code == 200
    assert ShareOpening.objects.count() == 2


def test_a_member_is_led_to_their_own_page_and_can_see_what_guests_see(transcript: Transcript, cast: Cast) -> None:
    share = link_to(transcript, password=PASSWORD)
    client = client_of(cast.vera)
    assert client.get(page_of(share))["Location"] == transcript.get_absolute_url()
    client.post(f"{page_of(share)}?preview", {"password": PASSWORD})
    preview = client.get(f"{page_of(share)}?preview").content.decode()
    assert "Open in Verbatim" in preview
    assert client_of(cast.charlie).get(page_of(link_to(transcript))).status_code == 200


def test_a_name_is_one_guests_on_its_link(transcript: Transcript) -> None:
    share = link_to(transcript, ShareLevel.COMMENT)
    for _ in range(2):
        guest(share, "Dana")
    assert "You are <bdi>Dana 3</bdi> (guest)" in guest(share, "dana").get(page_of(share)).content.decode().replace(
        "<bdi>dana 3", "<bdi>Dana 3"
    )
    other = link_to(transcript, ShareLevel.COMMENT)
    assert "You are <bdi>Dana</bdi> (guest)" in guest(other, "Dana").get(page_of(other)).content.decode()


def test_names_on_a_link_have_a_limit_a_day(transcript: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "MOST_NAMES_A_DAY", 1)
    share = link_to(transcript, ShareLevel.COMMENT)
    guest(share, "Dana")
    page = guest(share, "Emil").get(page_of(share)).content.decode()
    assert "Too many people have given a name" in page
    assert "Enter your name to comment" in page
    ShareOpening.objects.update(opened_at=clock.now() - timedelta(days=2))
    assert "You are <bdi>Emil</bdi>" in guest(share, "Emil").get(page_of(share)).content.decode()


def test_a_name_is_needed_to_write_and_asked_for_of_those_who_can(transcript: Transcript) -> None:
    share = link_to(transcript, ShareLevel.COMMENT)
    client = guest(share)
    assert "Enter your name to comment" in client.get(page_of(share)).content.decode()
    client.post(reverse("guest_name", args=[share.token]), {"name": "  "})
    assert "Enter your name to comment" in client.get(page_of(share)).content.decode()
    reader = link_to(transcript)
    assert "Enter your name" not in guest(reader, "Dana").get(page_of(reader)).content.decode()


# Captions


@pytest.fixture
def session(cast: Cast) -> LiveSession:
    return leases.take(lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting"))


def captions_of(session: LiveSession, **fields: Any) -> Share:
    return link_to(session.transcript, ShareLevel.CAPTIONS, **fields)


def end(session: LiveSession) -> None:
    session.status = LiveStatus.FINISHED
    session.save(update_fields=["status"])


def test_a_captions_link_leads_to_the_captions_while_the_session_is_open(session: LiveSession) -> None:
    share = captions_of(session, opens_text=True)
    assert Client().get(page_of(share))["Location"] == reverse("captions", args=[share.token])
    assert Client().get(reverse("captions", args=[share.token])).status_code == 200
    words = reverse("guest_words", args=[share.token, session.transcript_id])
    assert Client().get(words).status_code == 404


def test_after_the_session_a_captions_link_opens_the_transcript_only_if_it_says_so(session: LiveSession) -> None:
    opens, ends = captions_of(session, opens_text=True), captions_of(session)
    end(session)
    assert Client().get(reverse("captions", args=[opens.token]))["Location"] == page_of(opens)
    assert Client().get(page_of(opens)).status_code == 200
    assert Client().get(page_of(ends)).status_code == 404
    assert Client().get(reverse("captions", args=[ends.token])).status_code == 404
    assert Client().get(reverse("guest_words", args=[ends.token, session.transcript_id])).status_code == 404
