"""The same audio with the same options: its answer is used again, and the provider is sent nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.factories import make_team, make_user
from tests.pipeline.crashes import Killed, die, let_lease_run_out
from tests.support.audio import ffmpeg
from transcripts import clock, jobs
from transcripts.models import (
    Activity,
    Charge,
    Chunk,
    MediaFile,
    ProviderAccount,
    ProviderCall,
    Recording,
    Step,
    Term,
    Transcript,
)
from transcripts.selectors.costs.usage import as_csv
from transcripts.selectors.teams.usage import by_person
from transcripts.services import activities, vocabulary
from transcripts.services.costs import budgets
from transcripts.services.pipeline import jobs as pipeline_jobs
from transcripts.services.pipeline import steps, submission
from transcripts.services.pipeline.reuse import equals, taking
from transcripts.services.provider_accounts import health, pausing
from transcripts.services.recordings import trash
from transcripts.services.vocabulary import Wish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

WORDS = "to be or not to be"
FAILURE = {"code": "broken", "message": "The decoder broke."}


@pytest.fixture(autouse=True)
def _known_engine(pipeline: Pipeline) -> None:
    """The provider was asked which engine it has, which is part of what decides an answer."""
    health.check_health(pipeline.account)


def text_of(recording: Recording) -> list[Any]:
    transcript = Transcript.objects.get(recording=recording)
    return list(transcript.segments.order_by("position").values_list("text", "start_ms", "end_ms", "words"))


def transcribed(pipeline: Pipeline, path: Path | None = None, **options: Any) -> Recording:
    recording = pipeline.bring(path or pipeline.tone, **options)
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    return recording


def test_the_same_file_again_has_the_same_words_and_is_sent_to_no_one(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"answer": WORDS})
    first = transcribed(pipeline)
    speech.rescript({"answer": "something else"})
    again = transcribed(pipeline)
    assert text_of(again) == text_of(first)
    assert speech.billed() == []
    assert ProviderCall.objects.filter(endpoint="upload").count() == Charge.objects.count() == 1
    [used] = by_person(pipeline.person.personal_team).values()
    assert used.files_ms == 1000
    assert as_csv(pipeline.person.personal_team).splitlines()[1].endswith(",1")
    chunk, source = Chunk.objects.get(job__recording=again), Chunk.objects.get(job__recording=first)
    assert (chunk.is_reused, chunk.reused_from, chunk.answer) == (True, source, source.answer)
    assert (chunk.sent_at, chunk.processing_id) == (None, "")
    verbs = Activity.objects.filter(recording=again).order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if verb.startswith("recording:")][-2:] == ["recording:prepared", "recording:reused"]


def test_what_was_decoded_decides_and_neither_tags_nor_container(
    pipeline: Pipeline, speech: SpeechProcess, tmp_path: Path
) -> None:
    transcribed(pipeline)
    ffmpeg("-i", pipeline.tone, "-metadata", "title=Another title", tmp_path / "tagged.wav")
    ffmpeg("-i", pipeline.tone, tmp_path / "packed.flac")
    for name in ("tagged.wav", "packed.flac"):
        assert (tmp_path / name).read_bytes() != pipeline.tone.read_bytes()
        transcribed(pipeline, tmp_path / name)
    assert len(speech.billed()) == 1
    assert len(set(MediaFile.objects.filter(kind="audio").values_list("sha256", flat=True))) == 1


def test_audio_that_differs_in_one_sample_is_sent(pipeline: Pipeline, speech: SpeechProcess) -> None:
    for _ in range(2):
        pipeline.bring()
        pipeline.until_idle()
    assert len(speech.billed()) == 2


@pytest.mark.parametrize("options", [{"language": "en"}, {"speakers": 2}])
def test_other_options_are_sent(pipeline: Pipeline, speech: SpeechProcess, options: dict[str, Any]) -> None:
    transcribed(pipeline)
    transcribed(pipeline, **options)
    assert len(speech.billed()) == 2
    transcribed(pipeline, **options)
    assert len(speech.billed()) == 2


def test_one_more_term_in_the_vocabulary_is_sent_and_so_is_a_heavier_one(
    pipeline: Pipeline, speech: SpeechProcess
) -> None:
    team = pipeline.person.personal_team
    transcribed(pipeline)
    vocabulary.add(team, Wish("Okonkwo"), actor=pipeline.person)
    transcribed(pipeline)
    assert len(speech.billed()) == 2
    transcribed(pipeline)
    assert len(speech.billed()) == 2
    Term.objects.update(weight=3)
    transcribed(pipeline)
    assert len(speech.billed()) == 3


@pytest.mark.parametrize("change", [{"model": "large"}, {"engine": "another"}])
def test_another_model_is_asked_itself(pipeline: Pipeline, speech: SpeechProcess, change: dict[str, str]) -> None:
    transcribed(pipeline)
    ProviderAccount.objects.update(**change)
    recording = pipeline.bring(pipeline.tone)
    jobs.run_step(Step.objects.get(job__recording=recording).pk)
    jobs.submit_round(pipeline.account.pk)
    assert len(speech.billed()) == 2


def test_another_team_has_none_of_it(pipeline: Pipeline, speech: SpeechProcess) -> None:
    transcribed(pipeline)
    stranger = make_user("Charlie Cole")
    recording = transcribed(pipeline, owner=stranger)
    assert len(speech.billed()) == 2
    assert not Chunk.objects.get(job__recording=recording).is_reused


def test_a_recording_that_moved_takes_its_answer_along(pipeline: Pipeline, speech: SpeechProcess) -> None:
    moved = transcribed(pipeline)
    Recording.objects.filter(pk=moved.pk).update(team=make_team("Elsewhere", owner=pipeline.person))
    transcribed(pipeline)
    assert len(speech.billed()) == 2


def test_a_deleted_recording_takes_its_answer_along(pipeline: Pipeline, speech: SpeechProcess) -> None:
    first = transcribed(pipeline)
    trash.delete(first, actor=pipeline.person)
    trash.purge(first)
    again = transcribed(pipeline)
    assert len(speech.billed()) == 2
    assert not Chunk.objects.get(job__recording=again).is_reused


def test_a_transcript_outlives_the_recording_whose_answer_it_has(pipeline: Pipeline) -> None:
    first, again = transcribed(pipeline), transcribed(pipeline)
    trash.delete(first, actor=pipeline.person)
    trash.purge(first)
    chunk = Chunk.objects.get(job__recording=again)
    assert (chunk.is_reused, chunk.reused_from) == (True, None)
    assert Transcript.objects.filter(recording=again).exists()


@pytest.mark.parametrize("script", [{"failure": FAILURE}, {"answer": {"segments": 5}}])
def test_an_answer_that_failed_or_can_not_be_read_is_no_answer(
    pipeline: Pipeline, speech: SpeechProcess, script: dict[str, Any]
) -> None:
    speech.rescript(script)
    failed = pipeline.bring(pipeline.tone)
    pipeline.until_idle()
    assert pipeline.job(failed).status == "failed"
    speech.rescript({"answer": WORDS})
    transcribed(pipeline)
    assert len(speech.billed()) == 1


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
