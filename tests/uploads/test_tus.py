"""Resumable uploads, request by request: tus 1.0 core, creation, termination, checksum and expiration."""

from __future__ import annotations

import base64
import fcntl
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from tests.uploads.tus import TUS, begin, create, patch, stored
from transcripts import clock
from transcripts.models import ProcessingJob, ProviderAccount, Recording, Upload
from transcripts.services import storage
from transcripts.services.operations import housekeeping
from transcripts.services.recordings import parts

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]


def test_options_tells_what_this_server_can_do(client: Client) -> None:
    response = client.options("/uploads/")
    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert set(response["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    assert "sha256" in response["Tus-Checksum-Algorithm"]
    assert int(response["Tus-Max-Size"]) > 0


def test_a_file_in_parts_becomes_a_recording(client: Client, alice: User) -> None:
    url = begin(client, 10, filename="Interview.wav", language="en")
    first = patch(client, url, b"01234")
    assert (first.status_code, first["Upload-Offset"]) == (204, "5")
    head = client.head(url, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == ("5", "10", "no-store")
    last = patch(client, url, b"56789", 5)
    recording = Recording.objects.get(pk=last["Upload-Recording"])
    assert (recording.title, recording.filename, recording.owner, recording.language) == (
        "Interview",
        "Interview.wav",
        alice,
        "en",
    )
    assert recording.team == alice.personal_team
    assert stored(recording.upload) == b"0123456789"
    assert ProcessingJob.objects.get(recording=recording).status == "queued"


def test_a_wrong_offset_appends_nothing(client: Client, alice: User) -> None:
    url = begin(client)
    patch(client, url, b"01234")
    for offset in (0, 4, 6):
        assert patch(client, url, b"x", offset).status_code == 409
    upload = Upload.objects.get()
    assert (upload.offset, stored(upload)) == (5, b"01234")


def test_the_last_part_sent_twice_makes_one_recording(client: Client, alice: User) -> None:
    url = begin(client)
    patch(client, url, b"0123456789")
    assert patch(client, url, b"0123456789").status_code == 409
    head = client.head(url, headers=TUS)
    assert head["Upload-Offset"] == "10"
    assert head["Upload-Recording"] == str(Recording.objects.get().pk)


def test_an_empty_part_after_the_last_is_answered_as_the_last_was(client: Client, alice: User) -> None:
    url = begin(client)
    last = patch(client, url, b"0123456789")
    again = patch(client, url, b"", 10, Content_Type="application/offset+octet-stream")
    assert again.status_code == 204
    assert (again["Upload-Offset"], again["Upload-Recording"]) == ("10", last["Upload-Recording"])
    assert patch(client, url, b"more", 10).status_code == 400
    assert stored(Upload.objects.get()) == b"0123456789"
    assert Recording.objects.count() == 1


def test_bytes_written_but_not_acknowledged_are_cut_back(client: Client, alice: User) -> None:
    url = begin(client)
    patch(client, url, b"01234")
    with storage.path_of(Upload.objects.get().storage_name).open("ab") as file:
        file.write(b"of a request that died")
    assert client.head(url, headers=TUS)["Upload-Offset"] == "5"
    patch(client, url, b"56789", 5)
    assert stored(Upload.objects.get()) == b"0123456789"


def test_a_part_past_the_end_is_refused(client: Client, alice: User) -> None:
    url = begin(client)
    assert patch(client, url, b"0123456789x").status_code == 400
    assert Upload.objects.get().offset == 0


@pytest.mark.parametrize("algorithm", parts.CHECKSUMS)
def test_a_part_that_arrived_changed_is_not_kept(client: Client, alice: User, algorithm: str) -> None:
    url = begin(client)
    right = base64.b64encode(hashlib.new(algorithm, b"01234").digest()).decode()
    wrong = patch(client, url, b"0123X", Upload_Checksum=f"{algorithm} {right}")
    assert wrong.status_code == 460
    assert stored(Upload.objects.get()) == b""
    assert patch(client, url, b"01234", Upload_Checksum=f"{algorithm} {right}").status_code == 204


@pytest.mark.parametrize("header", ["crc32 AAAA", "sha1 not base64!"])
def test_a_checksum_that_cannot_be_checked_is_refused(client: Client, alice: User, header: str) -> None:
    url = begin(client)
    assert patch(client, url, b"01234", Upload_Checksum=header).status_code == 400
    assert Upload.objects.get().offset == 0


def test_two_windows_cannot_write_to_one_upload_at_once(client: Client, alice: User) -> None:
    url = begin(client)
    patch(client, url, b"0")
    with storage.path_of(Upload.objects.get().storage_name).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert patch(client, url, b"1", 1).status_code == 423
    assert patch(client, url, b"1", 1).status_code == 204


def test_termination_removes_the_bytes(client: Client, alice: User) -> None:
    url = begin(client)
    patch(client, url, b"01234")
    assert client.delete(url, headers=TUS).status_code == 204
    assert client.head(url, headers=TUS).status_code == 410
    assert patch(client, url, b"56789", 5).status_code == 410
    assert not storage.path_of(Upload.objects.get().storage_name).exists()


def test_terminating_a_complete_upload_is_refused_and_keeps_the_recording(client: Client, alice: User) -> None:
    url = begin(client)
    patch(client, url, b"0123456789")
    answer = client.delete(url, headers=TUS)
    assert answer.status_code == 403
    assert "is already uploaded" in answer.content.decode()
    assert stored(Upload.objects.get()) == b"0123456789"


def test_what_nobody_goes_on_with_expires(client: Client, alice: User) -> None:
    url = begin(client)
    response = patch(client, url, b"01234")
    assert "GMT" in response["Upload-Expires"]
    housekeeping.abandon_uploads()
    assert Upload.objects.get().status == "receiving"
    Upload.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    housekeeping.abandon_uploads()
    assert client.head(url, headers=TUS).status_code == 410
    assert not storage.path_of(Upload.objects.get().storage_name).exists()


@pytest.mark.parametrize("length", ["", "-1", "1.5", "many", "٣"])
def test_a_length_that_is_no_number_is_refused(client: Client, alice: User, length: str) -> None:
    assert create(client, length).status_code == 400


def test_a_length_that_no_file_has_is_refused_as_too_large(client: Client, alice: User) -> None:
    assert create(client, "9" * 30).status_code == 413


def test_a_file_larger_than_fits_is_refused_with_a_sentence(client: Client, alice: User, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1024**3
    response = create(client, 1024**3 + 1)
    assert response.status_code == 413
    assert "larger than the 1 GB" in response.content.decode()


def test_another_version_of_tus_is_refused(client: Client, alice: User) -> None:
    response = client.post("/uploads/", headers={"Upload-Length": "1"})
    assert (response.status_code, response["Tus-Version"]) == (412, "1.0.0")


def test_a_part_that_does_not_say_its_length_is_refused(client: Client, alice: User) -> None:
    """Taken as empty, its bytes would be lost and its sender would send them for ever."""
    url = begin(client)
    assert patch(client, url, b"01234", Transfer_Encoding="chunked").status_code == 411
    assert client.head(url, headers=TUS)["Upload-Offset"] == "0"


def test_another_content_type_is_refused(client: Client, alice: User) -> None:
    url = begin(client)
    response = client.patch(url, b"01", content_type="video/mp4", headers={**TUS, "Upload-Offset": "0"})
    assert response.status_code == 415


def test_metadata_that_cannot_be_read_is_refused(client: Client, alice: User) -> None:
    headers = {**TUS, "Upload-Length": "1", "Upload-Metadata": "filename not!base64"}
    assert client.post("/uploads/", headers=headers).status_code == 400


def test_a_language_nobody_knows_is_refused_before_a_byte_is_sent(client: Client, alice: User) -> None:
    ProviderAccount.objects.update(languages=["en"])
    response = create(client, 10, language="fr")
    assert response.status_code == 422
    assert "It supports: en" in response.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("language", ["e", "en_US", "en-", "x" * 36, "en, please"])
def test_a_language_that_is_no_tag_is_refused(client: Client, alice: User, language: str) -> None:
    response = create(client, language=language)
    assert response.status_code == 422
    assert "language tag" in response.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("language", ["", "en", "pt-BR", "zh-Hant-TW"])
def test_a_language_tag_is_taken(client: Client, alice: User, language: str) -> None:
    assert create(client, language=language).status_code == 201


def test_a_team_with_a_name_nobody_can_store_is_unknown(client: Client, alice: User) -> None:
    assert create(client, team="news\0room").status_code == 404


def test_bytes_that_the_storage_lost_are_asked_for_again(client: Client, alice: User) -> None:
    """A hole filled with zeros would be a recording that is lost without anybody knowing."""
    url = begin(client)
    patch(client, url, b"01234")
    path = storage.path_of(Upload.objects.get().storage_name)
    path.write_bytes(b"012")
    assert patch(client, url, b"56789", 5).status_code == 409
    assert client.head(url, headers=TUS)["Upload-Offset"] == "3"
    assert patch(client, url, b"3456789", 3).status_code == 204
    assert path.read_bytes() == b"0123456789"


def test_a_database_that_does_not_answer_is_said_so(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = begin(client)

    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(parts, "append", locked)
    response = patch(client, url, b"0")
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_a_full_disk_loses_nothing(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    url = begin(client)
    patch(client, url, b"01234")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(parts.os, "fdatasync", full)  # type: ignore[attr-defined]
        assert patch(client, url, b"56789", 5).status_code == 507
    assert client.head(url, headers=TUS)["Upload-Offset"] == "5"
    assert patch(client, url, b"56789", 5).status_code == 204
    assert stored(Upload.objects.get()) == b"0123456789"


@pytest.mark.parametrize(
    ("name", "shown", "title"),
    [
        ("../../etc/passwd.wav", "passwd.wav", "passwd"),
        ("a\\b\\c.wav", "c.wav", "c"),
        ("null\x00byte.wav", "nullbyte.wav", "nullbyte"),
        ("\u202egpj.wav", "gpj.wav", "gpj"),
        (".wav", ".wav", ".wav"),
        ("", "recording", "recording"),
        ("речь 日本語 हिन्दी.mp3", "речь 日本語 हिन्दी.mp3", "речь 日本語 हिन्दी"),
        ("x" * 300 + ".wav", "x" * 251 + ".wav", "x" * 251),
        ("two.dots.WAV", "two.dots.WAV", "two.dots"),
    ],
)
def test_names_are_only_ever_shown(client: Client, alice: User, name: str, shown: str, title: str) -> None:
    patch(client, create(client, 1, filename=name)["Location"], b"0")
    recording = Recording.objects.get()
    assert (recording.filename, recording.title) == (shown, title)
    assert recording.upload.storage_name == f"originals/{recording.upload.pk}"


def test_an_upload_goes_on_while_redis_is_away(client: Client, alice: User, settings: Any) -> None:
    url = begin(client)
    settings.RQ_QUEUES = {}
    assert patch(client, url, b"0123456789").status_code == 204
    assert Recording.objects.count() == 1


def test_the_number_of_speakers_comes_with_the_upload(client: Client, alice: User) -> None:
    assert patch(client, begin(client, 10, filename="Interview.wav", speakers="3"), b"0123456789").status_code == 204
    assert Recording.objects.get().jobs.get().speakers == 3
    assert "1 to 20" in (refused := create(client, speakers="many")).content.decode()
    assert refused.status_code == 422
