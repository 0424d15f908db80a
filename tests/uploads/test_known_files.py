"""The same file again: known to those who can see it in that team, and to no one else."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from tests import factories
from tests.uploads.tus import begin, patch
from tests.views.conftest import client_of
from transcripts.media import fingerprints
from transcripts.models import Grant, MediaFile, Recording
from transcripts.models.choices import MediaKind
from transcripts.services import storage
from transcripts.services.operations import housekeeping
from transcripts.services.recordings import parts, trash, uploads

if TYPE_CHECKING:
    from pathlib import Path

    from accounts.models import Team, User
    from tests.factories import Cast

pytestmark = pytest.mark.django_db

CONTENT = b"0123456789"
PRINT = hashlib.sha256(b"10\n" + CONTENT).hexdigest()
UNKNOWN = hashlib.sha256(b"unknown").hexdigest()


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


def arrive(owner: User, team: Team, content: bytes = CONTENT) -> Recording:
    upload = uploads.create(owner=owner, team=team, filename="Council.wav", length=len(content))
    recording = parts.append(upload, io.BytesIO(content), offset=0, size=len(content)).recording
    assert recording is not None
    return recording


def ask(user: User, team: str, *prints: str) -> Any:
    body = json.dumps({"team": team, "fingerprints": prints})
    return client_of(user).post(reverse("uploads_known"), body, content_type="application/json")


def known(user: User, team: Team, *prints: str) -> Any:
    return ask(user, team.slug, *(prints or (PRINT,))).json()["known"]


def test_a_fingerprint_is_the_size_with_the_beginning_the_middle_and_the_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    mebibyte = fingerprints.PIECE
    content = b"".join(bytes([number]) * (mebibyte // 2) for number in range(11))
    path.write_bytes(content)
    middle = (len(content) - mebibyte) // 2
    read = content[:mebibyte] + content[middle : middle + mebibyte] + content[-mebibyte:]
    with path.open("rb") as file:
        assert fingerprints.of_file(file) == hashlib.sha256(b"%d\n" % len(content) + read).hexdigest()


def test_an_upload_in_parts_has_the_fingerprint_of_the_whole(cast: Cast) -> None:
    client = client_of(cast.erin)
    url = begin(client, 10, filename="Council.wav", team=cast.team.slug)
    patch(client, url, CONTENT[:4])
    patch(client, url, CONTENT[4:], 4)
    assert MediaFile.objects.get().fingerprint == PRINT


def test_a_colleague_learns_what_the_team_has(cast: Cast) -> None:
    recording = arrive(cast.alice, cast.team)
    transcript = factories.make_transcript(recording)
    found = known(cast.erin, cast.team, PRINT, UNKNOWN)
    assert found == {
        PRINT: {
            "title": "Council",
            "by": "Alice Adams",
            "at": recording.created_at.isoformat(),
            "team": "Newsroom",
            "is_transcribed": True,
            "href": transcript.get_absolute_url(),
            "restore": "",
        }
    }


def test_a_recording_in_the_trash_can_be_restored_and_one_that_is_not_comes_first(cast: Cast) -> None:
    trashed = arrive(cast.alice, cast.team)
    trash.delete(trashed, actor=cast.alice)
    assert known(cast.erin, cast.team)[PRINT]["restore"] == reverse("recording_restore", args=[trashed.pk])
    present = arrive(cast.alice, cast.team)
    found = known(cast.erin, cast.team)[PRINT]
    assert (found["restore"], found["href"]) == ("", present.get_absolute_url())


def test_what_another_team_has_is_like_an_unknown_file(cast: Cast) -> None:
    arrive(cast.alice, cast.team)
    other = factories.make_team("Other desk", editor=cast.erin, owner=cast.charlie)
    for user, team in ((cast.erin, other), (cast.charlie, other), (cast.erin, cast.erin.personal_team)):
        assert ask(user, team.slug, PRINT).content == ask(user, team.slug, UNKNOWN).content == b'{"known": {}}'


def test_a_recording_that_is_shared_with_a_person_is_not_in_their_team(cast: Cast) -> None:
    recording = arrive(cast.alice, cast.team)
    Grant.objects.create(recording=recording, user=cast.charlie, level="edit")
    assert known(cast.charlie, cast.charlie.personal_team) == {}
    assert ask(cast.charlie, cast.team.slug, PRINT).status_code == 404


def test_whoever_cannot_upload_to_a_team_asks_nothing_of_it(cast: Cast) -> None:
    arrive(cast.alice, cast.team)
    assert ask(cast.vera, cast.team.slug, PRINT).status_code == 403
    assert ask(cast.charlie, cast.team.slug, PRINT).json() == ask(cast.charlie, "no-such-team", PRINT).json()
    Membership.objects.filter(user=cast.erin, team=cast.team).update(role=Role.COMMENTER)
    assert ask(cast.erin, cast.team.slug, PRINT).status_code == 403


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"team": 1, "fingerprints": []}', '{"team": "a\\u0000", "fingerprints": []}',
             '{"team": "", "fingerprints": ["x"]}', '{"team": "", "fingerprints": [1]}'],
)  # fmt: skip
def test_what_is_no_question_is_refused(cast: Cast, body: str) -> None:
    response = client_of(cast.erin).post(reverse("uploads_known"), body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_housekeeping_works_out_what_earlier_originals_lack(cast: Cast) -> None:
    recording = arrive(cast.alice, cast.team)
    lost = factories.make_recording(cast.team, "Lost")
    MediaFile.objects.create(recording=lost, kind=MediaKind.ORIGINAL, storage_name="originals/lost", bytes=10)
    MediaFile.objects.create(recording=lost, kind=MediaKind.AUDIO, storage_name=_name(recording), bytes=10)
    MediaFile.objects.update(fingerprint="")
    housekeeping.run()
    assert set(MediaFile.objects.exclude(fingerprint="").values_list("recording", "fingerprint")) == {
        (recording.pk, PRINT)
    }


def _name(recording: Recording) -> str:
    name = recording.media_files.get(kind=MediaKind.ORIGINAL).storage_name
    assert storage.path_of(name).exists()
    return name
