"""Which account new work goes to: past long queues and failing providers, shared between accounts of a kind."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pytest

from tests import factories
from tests.support.routing import close, until_it_waits, uploads_of
from transcripts import clock, throttle
from transcripts.models import ProviderAccount, ProviderCall, Step
from transcripts.models.choices import CallOutcome, StepKind
from transcripts.services.pipeline.retranscription import retranscribe
from transcripts.services.pipeline.routing import choice, rounds
from transcripts.services.provider_accounts import accounts, pausing
from transcripts.services.provider_accounts.routing import changes
from transcripts.services.provider_accounts.routing.rules import Work

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()

pytestmark = pytest.mark.django_db(transaction=True)


def make_call(account: ProviderAccount, outcome: str, status: int | None) -> None:
    ProviderCall.objects.create(
        account=account, endpoint="upload", started_at=clock.now(), outcome=outcome, status_code=status
    )


def test_new_work_passes_a_queue_that_is_full_for_long(pipeline: Pipeline, listed: list[ProviderAccount]) -> None:
    first, court = listed
    ProviderAccount.objects.filter(pk=first.pk).update(upload_limit=1, upload_window_ms=60_000)
    for number in range(11):
        job = factories.make_job(factories.make_recording(pipeline.person.personal_team, f"No {number}"), account=first)
        job.steps.all().delete()
        Step.objects.create(job=job, kind=StepKind.SUBMIT, due_at=job.created_at)
    chosen = choice.account_for(Work(pipeline.person.personal_team.pk, "en"))
    assert chosen == (court, "Waits for Court, because SpeechStream has a long queue.", False)
    Step.objects.filter(job__recording__title="No 0").delete()
    assert choice.account_for(Work(pipeline.person.personal_team.pk, "en")).account == first


def test_accounts_of_one_provider_share_what_waits(pipeline: Pipeline, listed: list[ProviderAccount]) -> None:
    """The other sends as many as it has slots free, in the order of the queue."""
    first, court = listed
    close(first)
    recordings = [pipeline.bring(language="en") for _ in range(4)]
    until_it_waits(pipeline, *recordings)
    ProviderAccount.objects.filter(pk=court.pk).update(price_a_minute=0, upload_limit=2)
    throttle.remember(accounts.window(court), [])
    rounds.move_waiting()
    moved = [pipeline.job(recording).account == court for recording in recordings]
    assert moved == [True, True, False, False]
    rounds.move_waiting()
    assert [pipeline.job(recording).account == court for recording in recordings] == moved


def test_three_failed_uploads_in_a_row_are_an_account_that_cannot_be_reached(
    pipeline: Pipeline, listed: list[ProviderAccount]
) -> None:
    first, court = listed
    work = Work(pipeline.person.personal_team.pk, "en")
    for outcome, status in ((CallOutcome.ERROR, 503), (CallOutcome.UNKNOWN, None), (CallOutcome.ERROR, 400)):
        make_call(first, outcome, status)
    assert choice.account_for(work).account == first
    for _ in range(2):
        make_call(first, CallOutcome.ERROR, None)
    assert choice.account_for(work).account == first
    make_call(first, CallOutcome.ERROR, None)
    assert choice.account_for(work) == (court, "Waits for Court, because SpeechStream can’t be reached.", False)


def test_an_account_a_person_chose_is_waited_for(pipeline: Pipeline, listed: list[ProviderAccount]) -> None:
    _, court = listed
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    transcript = recording.transcripts.get()
    close(court)
    job = retranscribe(transcript, actor=pipeline.person, account=court)
    pausing.pause(court)
    rounds.move_waiting()
    job.refresh_from_db()
    assert (job.account, job.is_account_chosen) == (court, True)
    pausing.resume(court)


def test_video_goes_where_its_rule_says_once_it_is_known_to_be_one(
    pipeline: Pipeline, court: ProviderAccount, tmp_path: Path
) -> None:
    changes.add(None, str(court.pk), media="video")
    video = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=1")
    source = tmp_path / "talk.mp4"
    subprocess.run([FFMPEG, "-v", "error", *video, "-i", pipeline.tone, "-c:v", "mpeg4", source], check=True)
    recording = pipeline.bring(source, language="en")
    assert pipeline.job(recording).account == pipeline.account
    pipeline.until_idle()
    assert pipeline.job(recording).account == court
    assert (uploads_of(pipeline.account), uploads_of(court)) == (0, 1)
