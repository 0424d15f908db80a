"""A link that shows less than there is: no other word, name, sound or peak is in any answer."""

from __future__ import annotations

import io
import json
import os
import time
import uuid
import wave
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import reverse

from tests.guests.conftest import data_in, guest, link_to, page_of
from tests.support.edits import rename, set_text
from tests.views.test_media_ranges import body
from transcripts import clock
from transcripts.document import Segment, Word
from transcripts.document.excerpts import excerpt, initials
from transcripts.models import Segment as SegmentRow
from transcripts.models import Transcript
from transcripts.models.choices import ShareLevel, TranscriptStatus
from transcripts.services.operations import housekeeping
from transcripts.services.recordings import trash
from transcripts.services.sharing import stretches
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.review import approval, status

if TYPE_CHECKING:
    from tests.factories import Cast
    from transcripts.models import Share

STRETCH: dict[str, Any] = {"from_ms": 2_000, "until_ms": 4_400}
# "this." begins at 2,400 ms, "report?" at 4,800
OUTSIDE = ("designed", "never", "report", "They had it", "it and they")


def answers_of(share: Share, transcript: Transcript) -> dict[str, bytes]:
    """Everything with text that a guest can fetch."""
    client = Client()
    urls = {
        "page": page_of(share),
        "words": reverse("guest_words", args=[share.token, transcript.pk]),
        **{name: reverse("guest_download", args=[share.token, name]) for name in ("txt", "srt", "vtt", "docx")},
    }
    responses = {name: client.get(url) for name, url in urls.items()}
    assert {name: response.status_code for name, response in responses.items()} == dict.fromkeys(urls, 200)
    return {name: unpacked(response.content) for name, response in responses.items()}


def unpacked(content: bytes) -> bytes:
    """Return the files in a Word document, other content as it is."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


# Excerpts


def spoken(text: str, start_ms: int = 0, *, each_ms: int = 400, speaker: str = "1") -> Segment:
    words = [
        Word(word, start_ms + number * each_ms, start_ms + (number + 1) * each_ms)
        for number, word in enumerate(text.split())
    ]
    return Segment(text, start_ms, start_ms + len(words) * each_ms, speaker, tuple(words))


def test_an_excerpt_has_the_words_that_begin_in_the_stretch_with_their_punctuation() -> None:
    found = excerpt(spoken("One, two three (four)."), 400, 1_200)
    assert found
    assert (found.begin, found.segment.text) == (5, "two three")
    assert [(word.text, word.start_ms) for word in found.segment.words] == [("two", 0), ("three", 400)]
    assert (found.segment.start_ms, found.segment.end_ms) == (0, 800)


def test_what_is_outside_has_no_excerpt() -> None:
    assert excerpt(spoken("One two"), 800, 2_000) is None
    assert excerpt(spoken("One two", 2_000), 0, 2_000) is None
    assert excerpt(Segment("No times"), 0, 2_000) is None
    assert excerpt(Segment("Longer than the stretch", 0, 3_000), 0, 2_000) is None


def test_words_without_times_behind_the_last_in_the_stretch_stay_out() -> None:
    one, two = Word("One", 0, 400), Word("two", 400, 800)
    assert (found := excerpt(Segment("One two and the secret", 0, 9_000, None, (one, two)), 0, 2_000))
    assert found.segment.text == "One two"


def test_initials_tell_two_of_the_same_apart() -> None:
    assert initials(["Miriam Hale", "Tomas Berg", "Speaker 12", "Mara Hahn", ""]) == ["MH", "TB", "S12", "MH 2", "?"]


# The text


def test_a_stretch_shows_its_words_alone(transcript: Transcript) -> None:
    share = link_to(transcript, **STRETCH, allows_text=True)
    for name, answer in answers_of(share, transcript).items():
        assert not [word for word in OUTSIDE if word.encode() in answer], name
    data = data_in(Client().get(page_of(share)).content.decode())
    assert [row[4] for row in data["rows"]] == ["for this.", "And the ministry had"]
    assert data["rows"][0][2] == 0
    assert data["urls"]["socket"] == ""


def test_initials_are_shown_in_place_of_names(transcript: Transcript) -> None:
    share = link_to(transcript, shows_initials=True, allows_text=True)
    for name, answer in answers_of(share, transcript).items():
        assert b"Hale" not in answer, name
        assert b"Tomas" not in answer, name
    data = data_in(Client().get(page_of(share)).content.decode())
    assert [one["label"] for one in data["speakers"]] == ["MH", "TB"]


def test_the_approved_version_has_no_later_word(transcript: Transcript, cast: Cast) -> None:
    share = link_to(transcript, is_approved_only=True, allows_text=True)
    waiting = Client().get(page_of(share)).content.decode()
    assert "isn’t approved yet" in waiting
    assert "dam was" not in waiting
    for name in ("guest_media", "guest_peaks"):
        assert Client().get(reverse(name, args=[share.token])).status_code == 404
    approve(transcript, cast)
    set_text(transcript.segments.get(key="s0"), "The later secret.", actor=cast.erin)
    rename(transcript.speakers.get(key="0"), "Her other name", actor=cast.erin)
    for name, answer in answers_of(share, transcript).items():
        assert b"later secret" not in answer, name
        assert b"other name" not in answer, name
    assert b"never designed" in Client().get(page_of(share)).content
    approve(transcript, cast)
    assert b"later secret" in Client().get(page_of(share)).content


def approve(transcript: Transcript, cast: Cast) -> None:
    transcript.refresh_from_db()
    if transcript.status == TranscriptStatus.DRAFT:
        status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.erin)
    transcript.refresh_from_db()
    approval.approve(transcript, actor=cast.alice, seq=transcript.changes)


def test_a_newer_draft_does_not_take_the_place_of_what_was_approved(transcript: Transcript, cast: Cast) -> None:
    share = link_to(transcript, is_approved_only=True)
    approve(transcript, cast)
    newer = Transcript.objects.create(recording=transcript.recording, provider="x")
    SegmentRow.objects.create(transcript=newer, key="n", position=1, text="A newer secret")
    assert b"newer secret" not in Client().get(page_of(share)).content
    assert Client().get(reverse("guest_words", args=[share.token, newer.pk])).status_code == 404


# The audio


@pytest.fixture
def cut(transcript: Transcript) -> Share:
    """A link to a stretch whose audio is cut."""
    share = link_to(transcript, **STRETCH, allows_audio=True)
    stretches.cut(share.pk)
    return share


def test_until_its_audio_is_cut_the_page_says_so_and_nothing_can_be_played(transcript: Transcript) -> None:
    share = link_to(transcript, **STRETCH, allows_audio=True)
    assert "is being prepared" in Client().get(page_of(share)).content.decode()
    response = Client().get(reverse("guest_media", args=[share.token]))
    assert (response.status_code, response.content, response["Retry-After"]) == (202, b"", "2")


@pytest.mark.parametrize("name", ["guest_media", "guest_audio"])
def test_the_audio_of_a_stretch_is_as_long_as_the_stretch(cut: Share, name: str) -> None:
    response = Client().get(reverse(name, args=[cut.token]))
    content = async_to_sync(body)(response)
    with wave.open(io.BytesIO(content)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(2.4)
    assert response["Cache-Control"] == "private, no-store"
    assert "is being prepared" not in Client().get(page_of(cut)).content.decode()


def test_no_range_reaches_the_rest_of_the_recording(cut: Share) -> None:
    url = reverse("guest_media", args=[cut.token])
    whole = int(Client().head(url)["Content-Length"])
    assert whole < 2.5 * 32_000
    assert Client().get(url, headers={"Range": f"bytes={whole}-"}).status_code == 416


def test_the_waveform_is_that_of_the_stretch(cut: Share) -> None:
    found = json.loads(Client().get(reverse("guest_peaks", args=[cut.token])).content)
    assert found == {"duration_ms": 2_400, "peaks": list(range(20, 44))}


def test_a_link_that_ended_gets_no_audio_cut(transcript: Transcript) -> None:
    share = link_to(transcript, **STRETCH)
    share.revoked_at = share.created_at
    share.save()
    stretches.cut(share.pk)
    assert not stretches.audio_of(share)


def test_housekeeping_removes_audio_that_no_guest_plays_any_more(cut: Share) -> None:
    played = stretches.audio_of(cut)
    assert played is not None
    long_ago = time.time() - 2 * housekeeping.ORPHAN_AFTER_S
    os.utime(played, (long_ago, long_ago))
    Client().get(page_of(cut))
    housekeeping.remove_orphans()
    assert played.exists()
    os.utime(played, (long_ago, long_ago))
    housekeeping.remove_orphans()
    assert not played.exists()


def test_the_audio_of_a_stretch_is_deleted_with_its_recording(cut: Share) -> None:
    path = stretches.audio_of(cut)
    assert path is not None
    cut.recording.deleted_at = clock.now()
    cut.recording.save()
    trash.purge(cut.recording)
    assert not path.exists()


# Comments in a stretch


def test_a_comment_in_a_stretch_has_its_place_in_the_whole(transcript: Transcript) -> None:
    share = link_to(transcript, ShareLevel.COMMENT, **STRETCH)
    client = guest(share, "Dana")
    url = reverse("guest_comments", args=[share.token, transcript.pk])
    fields = {
        "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "body": "Which?",
        "segment": "s0",
        "begin": "4",
        "end": "8",
        "quoted": "this",
        "at_ms": "100",
    }
    [shown] = client.post(url, fields).json()["comments"]
    assert (shown["begin"], shown["end"], shown["at_ms"]) == (4, 8, 100)
    stored = transcript.comments.get()
    assert transcript.segments.get(key="s0").text[stored.begin : stored.end] == "this"
    assert stored.at_ms == 2_100


def test_a_comment_whose_words_became_fewer_quotes_those_in_the_stretch_alone(
    transcript: Transcript, cast: Cast
) -> None:
    draft = threads.Draft("Which?", segment="s0", begin=4, end=35, quoted="dam was never designed for this")
    threads.add(transcript, uuid.UUID(int=1), draft, actor=cast.erin)
    set_text(transcript.segments.get(key="s0"), "The for this.", actor=cast.erin)
    share = link_to(transcript, ShareLevel.COMMENT, **STRETCH)
    url = reverse("guest_comments", args=[share.token, transcript.pk])
    answer = guest(share, "Dana").get(url)
    assert b"designed" not in answer.content
    assert [one["quoted"] for one in answer.json()["comments"]] == ["for this"]


def test_comments_outside_the_stretch_are_neither_shown_nor_added(transcript: Transcript, cast: Cast) -> None:

    outside = threads.Draft("Secret remark", segment="s2", begin=0, end=4, quoted="They")
    across = threads.Draft("Secret too", segment="s0", begin=0, end=7, quoted="The dam")
    for number, draft in enumerate((outside, across)):
        threads.add(transcript, uuid.UUID(int=number + 1), draft, actor=cast.erin)
    share = link_to(transcript, ShareLevel.COMMENT, **STRETCH)
    client = guest(share, "Dana")
    url = reverse("guest_comments", args=[share.token, transcript.pk])
    assert client.get(url).json() == {"comments": [], "names": []}
    reply = {"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "body": "x", "parent": str(uuid.UUID(int=1))}
    assert client.post(url, reply).status_code == 404
