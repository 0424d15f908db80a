"""When an answer is taken: out of turn, or once that to its equal is there; and whatever dies in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.pipeline.crashes import Killed, die, let_lease_run_out
from tests.pipeline.reuse.conftest import FAILURE, WORDS, transcribed
from transcripts import clock, jobs
from transcripts.models import (
    Chunk,
    ProviderAccount,
    Step,
    Transcript,
)
from transcripts.services import activities
from transcripts.services.costs import budgets
from transcripts.services.pipeline import jobs as pipeline_jobs
from transcripts.services.pipeline import steps, submission
from transcripts.services.pipeline.reuse import equals, taking
from transcripts.services.provider_accounts import pausing

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.usefixtures("known_engine")


def test_neither_slot_nor_budget_nor_a_working_account_is_needed(pipeline: Pipeline, speech: SpeechProcess) -> None:
    ProviderAccount.objects.update(price_a_minute=60)
    transcribed(pipeline)
    ProviderAccount.objects.update(upload_limit=1, upload_window_ms=3_600_000)
    budgets.change(pipeline.person.personal_team, Decimal(0), actor=pipeline.person)
    pausing.pause(ProviderAccount.objects.get())
    again = pipeline.bring(pipeline.tone)
    pipeline.work()
    assert pipeline.job(again).status == "succeeded"
    assert len(speech.billed()) == 1


def test_a_longer_queue_does_not_keep_an_answer_waiting(pipeline: Pipeline, speech: SpeechProcess) -> None:
    transcribed(pipeline)
    waiting = [pipeline.bring() for _ in range(2)]
    again = pipeline.bring(pipeline.tone)
    for step in Step.objects.filter(kind="prepare", status="ready"):
        jobs.run_step(step.pk)
    taking.take_all(pipeline.account.pk)
    chunks = Chunk.objects.filter(job__recording__in=[*waiting, again])
    assert dict(chunks.values_list("job__recording", "status")) == {
        **{recording.pk: "pending" for recording in waiting},
        again.pk: "answered",
    }
    assert len(speech.billed()) == 1


def test_the_second_of_two_waits_for_the_answer_to_the_first(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": WORDS, "seconds": None})
    first, second = pipeline.bring(pipeline.tone), pipeline.bring(pipeline.tone)
    pipeline.until(lambda: Step.objects.filter(waits_for="answer").exists())
    step = Step.objects.get(waits_for="answer")
    assert step.last_error == taking.WAITS
    assert clock.now() < step.due_at
    speech.release()
    pipeline.make_due()
    Step.objects.filter(pk=step.pk).update(due_at=step.due_at)
    pipeline.conductor.tick()
    # The end of the first wakes the second, though it isn't due yet
    for _ in range(3):
        pipeline.work()
    assert pipeline.job(first).status == pipeline.job(second).status == "succeeded"
    assert len(speech.billed()) == 1


def test_the_second_is_sent_itself_if_the_first_fails(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"failure": FAILURE, "seconds": None})
    for _ in range(2):
        pipeline.bring(pipeline.tone)
    pipeline.until(lambda: Step.objects.filter(waits_for="answer").exists())
    speech.release()
    pipeline.until_idle()
    assert len(speech.billed()) == 2


def test_the_second_is_sent_itself_if_the_first_takes_long(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"answer": WORDS, "seconds": None})
    for _ in range(2):
        pipeline.bring(pipeline.tone)
    pipeline.until(lambda: Step.objects.filter(waits_for="answer").exists())
    Chunk.objects.filter(status="sent").update(sent_at=clock.now() - equals.PATIENCE - timedelta(seconds=1))
    pipeline.until(lambda: Chunk.objects.filter(status="sent").count() == 2)
    assert len(speech.billed()) == 2


def test_of_two_workers_at_the_same_moment_one_sends(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech.rescript({"answer": WORDS, "seconds": None})
    for _ in range(2):
        pipeline.bring(pipeline.tone)
    for step in Step.objects.filter(kind="prepare"):
        jobs.run_step(step.pk)
    taking.take_all(pipeline.account.pk)
    both, intend = threading.Barrier(2, timeout=60), submission._intend

    def together(*arguments: Any) -> Any:
        both.wait()
        return intend(*arguments)

    def work() -> None:
        jobs.submit_round(pipeline.account.pk)
        connection.close()

    monkeypatch.setattr(submission, "_intend", together)
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(speech.billed()) == 1
    assert Step.objects.filter(waits_for="answer").count() == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (taking, "_note_key"),
        (taking, "_taken"),
        (steps, "finish"),
        (pipeline_jobs, "continue_with"),
        (activities, "record"),
    ],
)
def test_a_worker_killed_while_it_takes_an_answer_costs_nothing_but_time(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch, module: object, line: str
) -> None:
    transcribed(pipeline)
    again = pipeline.bring(pipeline.tone)
    jobs.run_step(Step.objects.get(job__recording=again, kind="prepare").pk)
    with monkeypatch.context() as patched:
        patched.setattr(module, line, die)
        with pytest.raises(Killed):
            jobs.submit_round(pipeline.account.pk)
    for step in Step.objects.filter(status="running"):
        let_lease_run_out(step)
    pipeline.until_idle()
    assert pipeline.job(again).status == "succeeded"
    assert Transcript.objects.filter(recording=again).count() == 1
    assert len(speech.billed()) == 1


@pytest.mark.parametrize("status", ["sending", "unknown"])
def test_what_may_be_at_the_provider_already_is_not_answered_otherwise(
    pipeline: Pipeline, speech: SpeechProcess, status: str
) -> None:
    transcribed(pipeline)
    again = pipeline.bring(pipeline.tone)
    jobs.run_step(Step.objects.get(job__recording=again, kind="prepare").pk)
    Chunk.objects.filter(job__recording=again).update(status=status)
    pipeline.until_idle()
    assert len(speech.billed()) == 2
    assert not Chunk.objects.get(job__recording=again).is_reused


def test_what_goes_wrong_with_an_answer_has_the_recording_sent(
    pipeline: Pipeline, speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcribed(pipeline)
    again = pipeline.bring(pipeline.tone)

    def broken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as patched:
        patched.setattr(taking, "_taken", broken)
        jobs.run_step(Step.objects.get(job__recording=again, kind="prepare").pk)
        taking.take_all(pipeline.account.pk)
        taking.take_all(pipeline.account.pk)
    step = Step.objects.get(job__recording=again, kind="submit")
    assert (step.status, step.attempts) == ("ready", 1)
    pipeline.until_idle()
    assert pipeline.job(again).status == "succeeded"
