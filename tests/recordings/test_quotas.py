"""What a team may use, and that nothing which was taken is lost when it is used up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from tests.factories import PASSWORD, make_account, make_job, make_recording, make_user
from transcripts import clock
from transcripts.models import LiveSession, MediaFile, ProviderCall, Recording, Upload
from transcripts.models.choices import CallOutcome, JobStatus, LiveStatus, Stage
from transcripts.services import quotas, storage
from transcripts.services.errors import Refused
from transcripts.services.live import lifecycle
from transcripts.services.pipeline import jobs, submission
from transcripts.services.provider_accounts import environment
from transcripts.services.recordings import upload_refusals, uploads

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

GB = 10**9


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> None:
    environment.from_environment()
    settings.NEW_TEAM_LIMITS = "storage=1,uploads=2,minutes=10,live_minutes=5,live=1"
    settings.SIGNUP = "open"


@pytest.fixture
def stranger() -> User:
    """Someone who created their account themselves."""
    make_user("Root Adler", is_superuser=True)
    form = {"email": "mallory@example.org", "password1": PASSWORD, "name": "Mallory"}
    Client().post(reverse("account_signup"), form)
    return User.objects.get(email="mallory@example.org")


def begin(person: User, length: int = 1000, team: Team | None = None) -> Upload:
    return uploads.create(owner=person, team=team or person.personal_team, filename="a.wav", length=length)


def store(person: User, size: int, team: Team | None = None) -> Recording:
    recording = make_recording(team or person.personal_team, owner=person)
    MediaFile.objects.create(recording=recording, kind="original", storage_name=f"x/{recording.pk}", bytes=size)
    return recording


def send(recording: Recording, minutes: int, outcome: str = CallOutcome.ACCEPTED) -> None:
    job = make_job(recording, JobStatus.SUCCEEDED)
    ProviderCall.objects.create(
        account=make_account(),
        job=job,
        endpoint="upload",
        started_at=clock.now(),
        audio_ms=minutes * 60_000,
        outcome=outcome,
    )


def test_a_stranger_has_the_limits_of_new_teams_and_an_approved_team_none(stranger: User) -> None:
    assert quotas.limits_of(stranger.personal_team) == quotas.Limits(1, 2, 10, 5, 1)
    assert quotas.limits_of(make_user("Ana Adler").personal_team) == quotas.Limits()


def test_a_number_of_the_team_goes_before_both(stranger: User) -> None:
    Team.objects.filter(pk=stranger.personal_team.pk).update(storage_gb=7, is_approved=True)
    assert quotas.limits_of(Team.objects.get(pk=stranger.personal_team.pk)) == quotas.Limits(storage=7)


def test_no_more_uploads_are_opened_than_allowed_and_a_cancelled_one_makes_room(stranger: User) -> None:
    first, _ = begin(stranger), begin(stranger)
    with pytest.raises(quotas.QuotaExceeded, match="can have 2 uploads under way"):
        begin(stranger)
    uploads.terminate(first)
    begin(stranger)


def test_announced_bytes_count_as_stored_ones_do(stranger: User) -> None:
    store(stranger, 600_000_000)
    begin(stranger, 300_000_000)
    with pytest.raises(quotas.QuotaExceeded, match="can store 1 GB"):
        begin(stranger, 200_000_000)
    begin(stranger, 100_000_000)


def test_what_is_in_the_trash_still_takes_room(stranger: User) -> None:
    recording = store(stranger, GB)
    Recording.objects.filter(pk=recording.pk).update(deleted_at=clock.now())
    with pytest.raises(quotas.QuotaExceeded):
        begin(stranger)


def test_more_unapproved_teams_give_a_person_no_more_room(stranger: User) -> None:
    second = Team.objects.create(name="Second", slug="second")
    store(stranger, 900_000_000)
    with pytest.raises(quotas.QuotaExceeded, match="Your account can store 1 GB"):
        begin(stranger, 200_000_000, team=second)
    approved = Team.objects.create(name="Newsroom", slug="news", is_approved=True)
    begin(stranger, 200_000_000, team=approved)


def test_a_refused_upload_says_why_over_the_protocol(stranger: User) -> None:
    client = Client()
    client.force_login(stranger)
    answer = client.post("/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(2 * GB)})
    assert answer.status_code == 422
    assert "can store 1 GB" in answer.content.decode()
    assert not Upload.objects.exists()


def test_minutes_are_checked_before_a_provider_is_asked_and_the_recording_is_kept(stranger: User) -> None:
    send(store(stranger, 1), 8)
    recording = make_recording(stranger.personal_team, owner=stranger, duration_ms=180_000)
    MediaFile.objects.create(recording=recording, kind="audio", storage_name="audio/x", bytes=1)
    storage.path_of("audio").mkdir(parents=True, exist_ok=True)
    storage.path_of("audio/x").write_bytes(b"x")
    job = jobs.begin(recording, actor=stranger, language="")
    submission.submit_round(job.account_id)
    job.refresh_from_db()
    assert (job.status, job.error_code) == (JobStatus.FAILED, "quota")
    assert "can have 10 minutes transcribed a month" in job.error_message
    assert not ProviderCall.objects.filter(job=job).exists()
    assert Recording.objects.filter(pk=recording.pk).exists()


def test_transcribing_again_is_refused_where_no_minutes_are_left(stranger: User) -> None:
    recording = store(stranger, 1)
    send(recording, 10)
    with pytest.raises(quotas.QuotaExceeded):
        jobs.start(recording, actor=stranger)


def test_what_a_provider_did_not_take_costs_no_minutes(stranger: User) -> None:
    recording = store(stranger, 1)
    send(recording, 10, CallOutcome.ERROR)
    assert jobs.start(recording, actor=stranger).stage == Stage.PREPARING


def test_minutes_of_last_month_are_forgotten(stranger: User) -> None:
    recording = store(stranger, 1)
    send(recording, 10)
    ProviderCall.objects.update(started_at=quotas.month() - (quotas.next_month() - quotas.month()) / 2)
    assert jobs.start(recording, actor=stranger).stage == Stage.PREPARING


def test_live_sessions_and_live_minutes_have_their_limits(stranger: User, settings: Settings) -> None:
    team = stranger.personal_team
    first = lifecycle.start(owner=stranger, team=team, title="")
    with pytest.raises(quotas.QuotaExceeded, match="can have 1 live session open"):
        lifecycle.start(owner=stranger, team=team, title="")
    LiveSession.objects.filter(pk=first.pk).update(status=LiveStatus.FINISHED, frames=5 * 600, frame_bytes=3200)
    with pytest.raises(Refused, match="has used its 5 live minutes this month"):
        lifecycle.start(owner=stranger, team=team, title="")


def test_an_upload_takes_nothing_of_the_reserve(monkeypatch: pytest.MonkeyPatch, stranger: User) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Disk(total=100 * GB, used=0, free=2 * GB))
    ana = make_user("Ana Adler")
    first = begin(ana, 900_000_000)
    with pytest.raises(upload_refusals.NoRoom, match="no space for this file"):
        begin(ana, 200_000_000)
    Upload.objects.filter(pk=first.pk).update(offset=500_000_000)
    begin(ana, 200_000_000)


def test_a_part_that_would_take_from_the_reserve_is_refused_and_what_arrived_is_safe(
    monkeypatch: pytest.MonkeyPatch, stranger: User
) -> None:
    upload = begin(stranger, 1000)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Disk(total=100 * GB, used=0, free=GB))
    client = Client()
    client.force_login(stranger)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    path = reverse("upload", args=[upload.pk])
    answer = client.patch(path, b"x" * 10, content_type="application/offset+octet-stream", headers=headers)
    assert answer.status_code == 507
    assert Upload.objects.get(pk=upload.pk).status == "receiving"


@pytest.mark.parametrize("text", ["storage", "storage=many", "space=1", "storage=-1"])
def test_limits_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="isn’t a limit"):
        quotas.read_limits(text)


@dataclass
class Disk:
    total: int
    used: int
    free: int
