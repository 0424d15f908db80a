"""An engine that can't tell when words are spoken, or dies: it costs nothing but the times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.aligning.words import TIMES, timings, until_asked, until_sent
from tests.pipeline.crashes import Killed, die, let_lease_run_out
from transcripts import clock
from transcripts.models import Alignment, ProviderCall, Recording, Step
from transcripts.providers.speechstream.files import SpeechStream
from transcripts.selectors.operations.why import why
from transcripts.services import storage
from transcripts.services.pipeline.aligning import asking, work

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

    Aligns = Callable[..., None]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ({"aligning_failure": {"code": "no", "message": "It can't"}}, "It can't"),
        ({"times": TIMES[:3]}, "3 times of 5 words"),
        ({"faults": [{"on": "upload", "nth": 2, "do": "answer", "code": 422, "body": {"message": "No words"}}]}, "No"),
        ({"faults": [{"on": "upload", "nth": 2, "do": "answer", "code": 200, "body": {}}]}, ""),
    ],
    ids=["fails", "other words", "refused", "no id"],
)
def test_an_engine_that_can_not_costs_nothing_but_the_times(
    pipeline: Pipeline, aligns: Aligns, script: dict[str, object], reason: str
) -> None:
    aligns(**script)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert timings() == {"estimated"}
    alignment = Alignment.objects.get()
    assert alignment.ended_at is not None
    assert reason in alignment.reason


def test_an_engine_that_is_down_is_not_waited_for(pipeline: Pipeline, speech: SpeechProcess, aligns: Aligns) -> None:
    aligns()
    recording = until_asked(pipeline)
    speech.kill()
    try:
        pipeline.until_idle()
        assert pipeline.job(recording).status == "succeeded"
        assert timings() == {"estimated"}
        assert ProviderCall.objects.filter(endpoint="align", outcome="error").count() == work.POLICY.attempts
    finally:
        speech.start()


def test_an_engine_that_lost_it_is_not_waited_for(pipeline: Pipeline, speech: SpeechProcess, aligns: Aligns) -> None:
    aligns(aligning_seconds=None)
    until_sent(pipeline)
    Alignment.objects.update(processing_id="another")
    pipeline.until_idle()
    assert timings() == {"estimated"}


def test_an_engine_that_never_answers_is_waited_for_as_long_as_agreed(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns(aligning_seconds=None)
    recording = until_sent(pipeline)
    for _ in range(3):
        pipeline.step_once()
    job = pipeline.job(recording)
    assert (job.status, job.stage) == ("running", "aligning")
    waiting = Step.objects.get(kind="assemble")
    assert waiting.due_at - Alignment.objects.get().asked_at <= asking.longest(recording.duration_ms or 5_000)
    assert "Finding when each word is spoken" in why(Recording.objects.get())[0]
    Step.objects.filter(kind="assemble").update(due_at=clock.now())
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert timings() == {"estimated"}
    assert Step.objects.get(kind="align").status == "cancelled"
    alignment = Alignment.objects.get()
    assert (alignment.words, alignment.reason) == ([], asking.TOO_LATE)


def test_what_no_one_waits_for_any_more_is_not_asked_for(
    pipeline: Pipeline, speech: SpeechProcess, aligns: Aligns
) -> None:
    aligns(aligning_seconds=None)
    until_sent(pipeline)
    Alignment.objects.update(ended_at=clock.now())
    asked = len(speech.ledger("status"))
    pipeline.step_once()
    assert Step.objects.get(kind="align").status == "done"
    assert len(speech.ledger("status")) == asked


@pytest.mark.parametrize(
    ("module", "line"),
    [(work, "_upload"), (SpeechStream, "align"), (work, "_end_call"), (SpeechStream, "times"), (work, "_note_end")],
)
def test_a_worker_killed_at_a_line_costs_nothing_but_time(
    pipeline: Pipeline, aligns: Aligns, monkeypatch: pytest.MonkeyPatch, module: object, line: str
) -> None:
    aligns(times=TIMES)
    recording = pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(module, line, die)
        with pytest.raises(Killed):
            pipeline.until_idle()
    let_lease_run_out(Step.objects.get(status="running"))
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert timings() == {"aligned", "estimated"}


def test_a_step_that_kills_its_worker_three_times_costs_nothing_but_the_times(
    pipeline: Pipeline, aligns: Aligns, monkeypatch: pytest.MonkeyPatch
) -> None:
    aligns()
    recording = pipeline.bring()
    with monkeypatch.context() as patched:
        patched.setattr(work, "_upload", die)
        for _ in range(3):
            with pytest.raises(Killed):
                pipeline.until_idle()
            let_lease_run_out(Step.objects.get(status="running"))
        pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert timings() == {"estimated"}
    assert "ended 3 times" in Alignment.objects.get().reason


def test_a_mistake_of_ours_costs_nothing_but_the_times(
    pipeline: Pipeline, aligns: Aligns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    aligns()
    monkeypatch.setattr(work, "_upload", broken)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert timings() == {"estimated"}


def test_audio_that_is_gone_costs_nothing_but_the_times(pipeline: Pipeline, aligns: Aligns) -> None:
    aligns()
    recording = until_asked(pipeline)
    storage.path_of(recording.media_files.get(kind="audio").storage_name).unlink()
    pipeline.until_idle()
    assert timings() == {"estimated"}
