"""What nobody needs any more is cleared away; what anybody may still want stays."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.models import User
from transcripts import clock
from transcripts.models import Activity, MediaFile, ProcessingJob, Recording
from transcripts.services import accounts, housekeeping, processing, recordings, storage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording() -> Recording:
    accounts.from_environment()
    person = User.objects.create_user("alice@example.org", "a password of hers")
    made = Recording.objects.create(team=person.personal_team, owner=person, title="Interview", filename="a.wav")
    MediaFile.objects.create(recording=made, kind="original", storage_name=f"originals/{made.pk}", bytes=1)
    file_of(made).parent.mkdir(parents=True, exist_ok=True)
    file_of(made).write_bytes(b"x")
    return made


def file_of(recording: Recording) -> Path:
    return storage.path_of(f"originals/{recording.pk}")


def person_of(recording: Recording) -> User:
    assert recording.owner is not None
    return recording.owner


def test_a_deleted_recording_can_be_restored(recording: Recording) -> None:
    alice = person_of(recording)
    processing.begin(recording, actor=alice, language="")
    recordings.delete(recording, actor=alice)
    assert ProcessingJob.objects.get().status == "cancelled"
    assert not Recording.objects.visible_to(alice).exists()
    housekeeping.run()
    recordings.restore(recording, actor=alice)
    assert Recording.objects.visible_to(alice).get() == recording
    assert file_of(recording).exists()


def test_the_bin_is_emptied_after_a_week(recording: Recording) -> None:
    recordings.delete(recording, actor=person_of(recording))
    Recording.objects.update(deleted_at=clock.now() - timedelta(days=8))
    housekeeping.run()
    assert not Recording.objects.exists()
    assert not file_of(recording).exists()
    assert Activity.objects.filter(verb="recording:deleted").exists()


def test_a_recording_outside_the_bin_is_never_purged(recording: Recording) -> None:
    recordings.purge(recording)
    assert Recording.objects.exists()
    assert file_of(recording).exists()


@pytest.mark.parametrize(("age_s", "stays"), [(3600, True), (2 * 24 * 3600, False)])
def test_files_that_no_row_names_are_removed_after_a_day(recording: Recording, age_s: int, *, stays: bool) -> None:
    orphan = storage.path_of("derived/orphan")
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    for path in (orphan, file_of(recording)):
        os.utime(path, (time.time() - age_s,) * 2)
    housekeeping.remove_orphans()
    assert orphan.exists() == stays
    assert file_of(recording).exists()
    orphan.unlink(missing_ok=True)


def test_renaming_keeps_a_title_and_says_who_did_it(recording: Recording) -> None:
    recordings.rename(recording, actor=person_of(recording), title="  Dr Hale \n on dams ")
    recordings.rename(recording, actor=person_of(recording), title="   ")
    recording.refresh_from_db()
    assert recording.title == "Dr Hale on dams"
    assert Activity.objects.get(verb="recording:renamed").actor == recording.owner
