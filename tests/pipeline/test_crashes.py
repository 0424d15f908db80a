"""What happens when a worker dies between any two lines, comes back too late, or does its work twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.pipeline.crashes import Killed, die, let_lease_run_out
from transcripts import clock, jobs
from transcripts.models import Chunk, Lease, ProviderCall, Step, Transcript
from transcripts.providers.speechstream.files import SpeechStream
from transcripts.services import storage
from transcripts.services.operations import conductor
from transcripts.services.pipeline import assembly, preparation, steps, submission
from transcripts.services.provider_accounts import environment, health
from transcripts.services.recordings import trash

if TYPE_CHECKING:
    import redis
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess


def run_and_die(pipeline: Pipeline) -> None:
    """Work until the worker is killed, and let time pass until that is noticed."""
    for _ in range(20):
        try:
            pipeline.step_once()
        except Killed:
            let_lease_run_out(Step.objects.get(status="running"))
            return
    pytest.fail("The line was never reached.")


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (preparation, "prepare"),
        (storage, "store"),
        (preparation, "_keep"),
        (submission, "_intend"),
        (SpeechStream, "submit"),
        (submission, "_keep_answer"),
        (assembly, "_keep"),
    ],
)
def test_a_worker_killed_at_a_line_costs_nothing_but_time(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, module: object, line: str
) -> None:
    recording = pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(module, line, die)
        run_and_die(pipeline)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert Transcript.objects.filter(recording=recording).count() == 1


def test_an_upload_whose_worker_died_is_sent_again_and_marked(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(submission, "_keep_answer", die)
        run_and_die(pipeline)
    pipeline.until_idle()
    assert len(speech.billed()) == 2
    assert list(ProviderCall.objects.filter(endpoint="upload").order_by("pk").values_list("outcome", flat=True)) == [
        "unknown",
        "accepted",
    ]
    assert Chunk.objects.get().resends == 1


def test_a_step_that_kills_its_worker_three_times_stops_and_says_so(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = pipeline.bring()
    monkeypatch.setattr(preparation, "prepare", die)
    for _ in range(3):
        run_and_die(pipeline)
    pipeline.step_once()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", "worker_died")
    assert "crashed 3 times" in job.error_message


def test_running_a_finished_step_again_changes_nothing(pipeline: Pipeline, speech: SpeechProcess) -> None:
    pipeline.bring()
    pipeline.until_idle()
    for step in Step.objects.all():
        jobs.run_step(step.pk)
    jobs.submit_round(pipeline.account.pk)
    jobs.check_round()
    assert len(speech.billed()) == 1
    assert Transcript.objects.count() == 1


def test_wake_ups_that_redis_lost_are_given_again(pipeline: Pipeline, redis_client: redis.Redis) -> None:
    recording = pipeline.bring()
    redis_client.flushall()
    Step.objects.update(woken_at=clock.now() - timedelta(seconds=10))
    pipeline.conductor.tick()
    pipeline.work()
    assert Step.objects.get(kind="prepare").status == "done"
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def test_a_wake_up_on_its_way_is_not_doubled(pipeline: Pipeline) -> None:
    pipeline.bring()
    Step.objects.update(woken_at=clock.now() - timedelta(seconds=10))
    for _ in range(3):
        pipeline.conductor.tick()
    assert Step.objects.get().wakes == 0


def test_of_two_conductors_one_leads_until_it_dies(pipeline: Pipeline) -> None:
    assert conductor.lead("first")
    assert not conductor.lead("second")
    Lease.objects.update(until=clock.now() - timedelta(seconds=1))
    assert conductor.lead("second")
    assert not conductor.lead("first")


def test_a_step_that_breaks_for_no_fault_of_the_file_is_tried_again_then_given_up(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(preparation, "prepare", broken)
        pipeline.step_once()
        assert Step.objects.get().attempts == 1
        pipeline.until_idle()
    job = pipeline.job(recording)
    assert (job.status, job.error_code) == ("failed", "unexpected")
    assert "Nothing is lost" in job.error_message


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("a mistake of ours")


def test_a_full_disk_is_waited_for(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(preparation, "prepare", disk_full)
        for _ in range(8):
            pipeline.step_once()
        assert "disk is full" in Step.objects.get().last_error
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def disk_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_files_of_a_worker_that_died_do_not_replace_those_of_its_successor(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(preparation, "_keep_facts", die)
        run_and_die(pipeline)
    left_behind = set(storage.path_of("derived").rglob("*-audio"))
    pipeline.until_idle()
    assert len(set(storage.path_of("derived").rglob("*-audio")) - left_behind) == 1


def test_a_recording_purged_while_its_worker_works_ends_the_work_quietly(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = pipeline.bring()

    def purge(*_: object, **__: object) -> None:
        trash.delete(recording, actor=pipeline.person)
        trash.purge(recording)
        raise FileNotFoundError

    monkeypatch.setattr(preparation, "prepare", purge)
    jobs.run_step(Step.objects.get().pk)
    assert not Step.objects.exists()
    pipeline.step_once()


def test_preparing_ends_as_soon_as_its_step_is_lost(pipeline: Pipeline) -> None:
    pipeline.bring()
    [held] = steps.claim([Step.objects.get().pk])
    lost = threading.Event()
    report = preparation.Reporter(held, lost)
    report(0.25)
    assert pipeline.job(pipeline.person.recordings.get()).progress == 25
    lost.set()
    with pytest.raises(steps.LostLease):
        report(0.5)


def test_what_a_provider_said_of_itself_says_nothing_of_the_one_at_another_address(
    pipeline: Pipeline, settings: Settings
) -> None:
    health.check_health(pipeline.account)
    assert environment.from_environment().is_healthy
    settings.STT_API_ENDPOINT = "http://127.0.0.1:9"
    moved = environment.from_environment()
    assert (moved.pk, moved.is_healthy, moved.engine, moved.languages) == (pipeline.account.pk, False, "", None)
