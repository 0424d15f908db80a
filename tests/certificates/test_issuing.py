"""Certificates of transcripts: what they say of how the text came about, and the keys that sign them."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests import factories
from tests.transcript.pages import Page, say
from tests.views.conftest import client_of
from transcripts.certificates import PublicKey, Sum, container
from transcripts.models import Activity, Edit, MediaFile, SigningKey, Transcript
from transcripts.models.choices import MediaKind, TranscriptStatus
from transcripts.services.errors import Refused
from transcripts.services.transcript.certificates import certificates, keys
from transcripts.services.transcript.review import approval, status

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings

    from tests.factories import Cast

pytestmark = pytest.mark.django_db
RECORDING = b"the bytes of the recording"


@pytest.fixture
def cast() -> factories.Cast:
    return factories.make_cast()


@pytest.fixture
def transcript(cast: Cast) -> Transcript:
    recording = factories.make_recording(cast.team, owner=cast.erin, duration_ms=60_000)
    sums = Sum.of(RECORDING)
    MediaFile.objects.create(
        recording=recording, kind=MediaKind.ORIGINAL, storage_name="x", bytes=sums.size, sha256=sums.sha256
    )
    return factories.make_transcript(recording, [("A", "Hold the paige"), ("B", "Thursday works"), ("A", "So be it")])


def approve(transcript: Transcript, cast: Cast) -> Transcript:
    transcript.refresh_from_db()
    if transcript.status == TranscriptStatus.DRAFT:
        status.move(transcript, TranscriptStatus.IN_REVIEW, actor=cast.alice)
    transcript.refresh_from_db()
    doubts = approval.doubtful_words(transcript.pk)
    approval.approve(transcript, actor=cast.alice, seq=transcript.changes, known_doubts=doubts)
    transcript.refresh_from_db()
    return transcript


def issued(transcript: Transcript, cast: Cast) -> bytes:
    return certificates.issue(approve(transcript, cast), issuer="https://example.org", actor=cast.alice)


def checked(file: bytes, **options: Any) -> Any:
    return certificates.check(io.BytesIO(file), **options)


def test_it_says_what_was_transcribed_and_who_approved_it(transcript: Transcript, cast: Cast) -> None:
    verdict = checked(issued(transcript, cast), media=Sum.of(RECORDING))
    assert verdict.faults == ()
    assert verdict.manifest.approved_by == str(cast.alice)
    assert verdict.manifest.media.sha256 == hashlib.sha256(RECORDING).hexdigest()
    assert Activity.objects.filter(verb="transcript:certified", actor=cast.alice).count() == 1


def test_it_says_which_words_people_changed_after_the_machine(transcript: Transcript, cast: Cast) -> None:
    erin, alice = Page(transcript, cast.erin, "e1"), Page(transcript, cast.alice, "a1")
    erin.send(say("s0", "Hold the paige", "Hold the page"))
    erin.send({"op": "split", "id": "s1", "was": "Thursday works", "at": 9, "new": "n1"})
    erin.send({"op": "insert", "id": "n2", "text": "Indeed.", "after": "s2"})
    alice.send(say("n1", "works", "is fine"))
    verdict = checked(issued(transcript, cast))
    assert verdict.faults == ()
    changes = [(one.machine, one.text, one.people) for one in verdict.manifest.rewritten]
    assert ("paige", "page", (str(cast.erin),)) in changes
    assert [(machine, text) for machine, text, people in changes if str(cast.alice) in people] == [("works", "is fine")]
    assert ("", "Indeed.", (str(cast.erin),)) in changes


def everything(page: Page) -> None:
    """All that a person can do to a transcript, and taken back."""
    page.send(say("s0", "Hold the paige", "Hold the page"))
    page.send({"op": "split", "id": "s1", "was": "Thursday works", "at": 9, "new": "n1"})
    page.send({"op": "merge", "id": "s2"})
    page.send({"op": "insert", "id": "n2", "text": "Indeed.", "after": None})
    page.send({"op": "remove", "id": "n2", "was": "Indeed."})
    page.send({"op": "set_speaker", "ids": ["s0"], "speaker": "1"})
    page.send({"op": "rename_speaker", "speaker": "0", "label": "Ana"})
    page.send({"op": "shift_times", "by_ms": 250})
    page.send({"op": "tick", "ids": ["s0"], "on": True})
    for number in Edit.objects.filter(transcript=page.transcript).order_by("-number").values_list("number", flat=True):
        page.seq = number
        page.send({"op": "undo", "edit": number})


def test_the_history_leads_from_the_machines_text_to_this_one(transcript: Transcript, cast: Cast) -> None:
    everything(Page(transcript, cast.erin, "e1"))
    Page(transcript, cast.erin, "e2").send({"op": "restore", "to": 4})
    file = issued(transcript, cast)
    assert checked(file).faults == ()
    lines = container.unpack(io.BytesIO(file))[container.HISTORY].splitlines()
    assert [json.loads(line)["kind"] for line in lines[-3:-1]] == ["status", "status"]
    assert len(lines) == 2 + Edit.objects.filter(transcript=transcript).count()


def test_only_what_is_approved_is_certified(transcript: Transcript, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        certificates.issue(transcript, issuer="https://example.org", actor=cast.alice)
    assert refused.value.code == "not_approved"
    approve(transcript, cast)
    Page(transcript, cast.erin, "e1").send(say("s0", "Hold the paige", "Hold the page"))
    transcript.refresh_from_db()
    with pytest.raises(Refused) as refused:
        certificates.issue(transcript, issuer="https://example.org", actor=cast.alice)
    assert refused.value.code == "not_approved"


def test_without_its_recording_nothing_is_certified(transcript: Transcript, cast: Cast) -> None:
    MediaFile.objects.all().delete()
    with pytest.raises(Refused) as refused:
        issued(transcript, cast)
    assert refused.value.code == "no_original"


def test_a_recording_that_was_not_summed_when_it_came_is_summed_now(
    transcript: Transcript, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "x").write_bytes(RECORDING)
    MediaFile.objects.update(sha256="", bytes=1)
    assert checked(issued(transcript, cast), media=Sum.of(RECORDING)).faults == ()


# Keys


def test_what_an_earlier_key_signed_stays_valid(transcript: Transcript, cast: Cast) -> None:
    first = issued(transcript, cast)
    call_command("rotate_signing_key", stdout=io.StringIO())
    second = certificates.issue(transcript, issuer="https://example.org", actor=cast.alice)
    assert checked(first).key != checked(second).key
    assert checked(first).faults == checked(second).faults == ()
    assert [one.is_active for one in keys.known()] == [True, False]


def test_a_new_secret_key_makes_a_new_signing_key(settings: Settings) -> None:
    first = keys.active()
    assert keys.active() == first
    settings.SECRET_KEY = "another"
    second = keys.active()
    assert second != first
    assert SigningKey.objects.filter(is_active=True).count() == 1


def test_two_processes_that_rotate_at_once_sign_with_one_key() -> None:
    keys.active()
    row = SigningKey.objects.get()
    first = keys.rotate(row)
    assert keys.rotate(row) == first
    assert SigningKey.objects.filter(is_active=True).count() == 1


def test_no_private_key_is_in_the_database_as_it_is() -> None:
    key = keys.active()
    assert key.raw.hex() not in SigningKey.objects.get().secret
    assert str(key.raw) not in repr(key)


# Pages and commands


@pytest.fixture
def anyone(client: Client, cast: Cast) -> Client:
    """Someone without an account, on an instance that is set up."""
    return client


def post(client: Client, file: bytes, **fields: str) -> Any:
    upload = io.BytesIO(file)
    upload.name = "certificate.zip"
    return client.post(reverse("verify"), {"certificate": upload, **fields})


def test_it_is_downloaded_on_the_page_and_checked_by_anyone(transcript: Transcript, cast: Cast, anyone: Client) -> None:
    approve(transcript, cast)
    answer = client_of(cast.vera).get(reverse("transcript_certificate", args=[transcript.pk]))
    assert answer["Content-Type"] == "application/zip"
    page = post(anyone, answer.content, sha256=hashlib.sha256(RECORDING).hexdigest().upper())
    assert "This certificate is valid" in page.content.decode()
    assert "your recording is the one" in page.content.decode()


def test_the_page_says_what_is_wrong(transcript: Transcript, cast: Cast, anyone: Client) -> None:
    file = issued(transcript, cast)
    parts = {**container.unpack(io.BytesIO(file)), container.TEXT: b"something else"}
    page = post(anyone, container.pack(parts), sha256="0" * 64).content.decode()
    assert "This certificate is not valid" in page
    assert "transcript.txt was changed after it was certified." in page
    assert "its SHA-256 is another" in page


@pytest.mark.parametrize(
    ("file", "fields", "sentence"),
    [(b"no", {}, "not a certified transcript"), (b"no", {"sha256": "12"}, "64 digits")],
)
def test_the_page_refuses_in_words(anyone: Client, file: bytes, fields: dict[str, str], sentence: str) -> None:
    answer = post(anyone, file, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_stranger_has_so_many_files_checked_and_no_more(anyone: Client) -> None:
    for _ in range(60):
        post(anyone, b"no")
    assert "Too many files" in post(anyone, b"no").content.decode()


def verified(path: Path, *options: str) -> str:
    output = io.StringIO()
    call_command("verify", str(path), *options, stdout=output, stderr=output)
    return output.getvalue()


def test_it_is_checked_in_a_terminal(transcript: Transcript, cast: Cast, tmp_path: Path) -> None:
    certificate, recording = tmp_path / "certificate.zip", tmp_path / "recording"
    certificate.write_bytes(issued(transcript, cast))
    recording.write_bytes(RECORDING)
    assert "This certificate is valid." in verified(certificate, "--media", str(recording))
    recording.write_bytes(b"another")
    with pytest.raises(CommandError) as refused:
        verified(certificate, "--media", str(recording))
    assert refused.value.returncode == 1


def test_with_a_key_it_is_checked_without_this_instance(transcript: Transcript, cast: Cast, tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.zip"
    certificate.write_bytes(issued(transcript, cast))
    public = SigningKey.objects.get().public
    SigningKey.objects.all().delete()
    assert "valid." in verified(certificate, "--key", public)
    with pytest.raises(CommandError):
        verified(certificate, "--key", PublicKey(bytes(32)).raw.hex())


def test_what_is_no_certificate_is_told_apart_from_an_invalid_one(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"no")
    for path in (tmp_path / "other", tmp_path / "missing"):
        with pytest.raises(CommandError) as refused:
            verified(path)
        assert refused.value.returncode == 2
