"""What nobody needs any more is cleared away; what anybody may still want stays."""

from __future__ import annotations

import os
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.factories import make_stored_recording
from transcripts import access, clock
from transcripts.models import Activity, ProcessingJob, PurgedRecording, Recording, Upload
from transcripts.services import storage
from transcripts.services.operations import housekeeping
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import environment
from transcripts.services.recordings import titles, trash, uploads

if TYPE_CHECKING:
    from pathlib import Path

    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording() -> Recording:
    environment.from_environment()
    return make_stored_recording()


def file_of(recording: Recording) -> Path:
    return storage.path_of(f"originals/{recording.pk}")


def person_of(recording: Recording) -> User:
    assert recording.owner is not None
    return recording.owner


def test_a_deleted_recording_can_be_restored(recording: Recording) -> None:
    alice = person_of(recording)
    jobs.begin(recording, actor=alice, language="")
    trash.delete(recording, actor=alice)
    assert ProcessingJob.objects.get().status == "cancelled"
    assert not access.recordings_of(alice).exists()
    housekeeping.run()
    trash.restore(recording, actor=alice)
    assert access.recordings_of(alice).get() == recording
    assert file_of(recording).exists()


def test_the_trash_is_emptied_after_thirty_days(recording: Recording) -> None:
    trash.delete(recording, actor=person_of(recording))
    Recording.objects.update(deleted_at=clock.now() - timedelta(days=31))
    housekeeping.run()
    assert not Recording.objects.exists()
    assert not file_of(recording).exists()
    assert Activity.objects.filter(verb="recording:deleted").exists()


def test_a_recording_outside_the_bin_is_never_purged(recording: Recording) -> None:
    trash.purge(recording)
    assert Recording.objects.exists()
    assert file_of(recording).exists()


def left_behind(name: str, *, age: timedelta = timedelta(days=2)) -> Path:
    """A file in the storage, last written so long ago."""
    path = storage.path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (time.time() - age.total_seconds(),) * 2)
    return path


@pytest.mark.parametrize(("age", "stays"), [(timedelta(hours=1), True), (timedelta(days=2), False)])
def test_what_a_worker_left_behind_is_removed_after_a_day(recording: Recording, age: timedelta, *, stays: bool) -> None:
    leftovers = [left_behind(f"derived/{recording.pk}/1-1-audio", age=age), left_behind("work/tmp1/a.flac", age=age)]
    left_behind(f"originals/{recording.pk}", age=age)
    housekeeping.remove_orphans()
    assert [path.exists() for path in leftovers] == [stays, stays]
    assert file_of(recording).exists()


def test_the_file_of_an_upload_that_goes_on_stays_and_of_one_given_up_goes(recording: Recording) -> None:
    alice = person_of(recording)
    going, given_up = (
        uploads.create(owner=alice, team=alice.personal_team, filename="a.wav", length=9) for _ in range(2)
    )
    paths = [left_behind(upload.storage_name) for upload in (going, given_up)]
    Upload.objects.filter(pk=given_up.pk).update(status="abandoned")
    housekeeping.remove_orphans()
    assert [path.exists() for path in paths] == [True, False]


def test_a_purge_that_was_cut_off_is_finished(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    left = left_behind(f"derived/{recording.pk}/1-1-audio")
    trash.delete(recording, actor=person_of(recording))
    with monkeypatch.context() as patched:
        patched.setattr(storage, "remove", lambda name: None)
        trash.purge(recording)
    assert Activity.objects.filter(verb="recording:purged").exists()
    assert PurgedRecording.objects.filter(pk=recording.pk).exists()
    housekeeping.remove_orphans()
    assert not left.exists()


def test_files_of_another_database_are_left_alone() -> None:
    """An instance that was started with an empty database must not empty the storage of the old one."""
    stranger = uuid.uuid4()
    paths = [left_behind(f"originals/{stranger}"), left_behind(f"derived/{stranger}/1-1-audio"), left_behind("notes")]
    housekeeping.remove_orphans()
    assert all(path.exists() for path in paths)
    for path in paths:
        path.unlink()


def test_renaming_keeps_a_title_and_says_who_did_it(recording: Recording) -> None:
    titles.rename(recording, actor=person_of(recording), title="  Dr\0 Hale \n on dams ")
    titles.rename(recording, actor=person_of(recording), title="   ")
    recording.refresh_from_db()
    assert recording.title == "Dr Hale on dams"
    assert Activity.objects.get(verb="recording:renamed").actor == recording.owner
