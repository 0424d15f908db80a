"""Jobs go to the first account that can take them, wait at another if theirs can't, and are sent once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from tests.support.routing import close, until_it_waits, uploads_of
from transcripts.models import Activity, Chunk, ProcessingJob, ProviderAccount, ProviderCall, Step
from transcripts.models.choices import Stage, StepKind
from transcripts.selectors.operations.why import why
from transcripts.services.pipeline import steps, submission
from transcripts.services.pipeline.routing import choice, moves, rounds
from transcripts.services.pipeline.slices.sending import outgoing
from transcripts.services.provider_accounts import health, pausing
from transcripts.services.provider_accounts.routing import changes

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.django_db(transaction=True)


def test_new_work_goes_to_the_first_account_that_is_not_paused(
    pipeline: Pipeline, listed: list[ProviderAccount]
) -> None:
    first, court = listed
    one = pipeline.bring(language="en")
    pipeline.until_idle()
    pausing.pause(first)
    other = pipeline.bring(language="en")
    assert pipeline.job(other).moved_because == "Waits for Court, because SpeechStream is paused."
    pipeline.until_idle()
    assert [pipeline.job(recording).account for recording in (one, other)] == [first, court]
    assert [pipeline.job(recording).status for recording in (one, other)] == ["succeeded"] * 2


def test_what_waits_at_a_paused_account_moves_to_the_next_and_says_so(
    pipeline: Pipeline, listed: list[ProviderAccount]
) -> None:
    first, court = listed
    close(first)
    recording = pipeline.bring(language="en")
    until_it_waits(pipeline, recording)
    close(court)
    pausing.pause(first)
    rounds.move_waiting()
    job = pipeline.job(recording)
    assert (job.account, job.stage) == (court, Stage.WAITING)
    recording.refresh_from_db()
    assert "Waits for Court, because SpeechStream is paused." in why(recording)
    moved = Activity.objects.get(verb="job:moved", recording=recording)
    assert moved.data == {"provider": "Court", "instead_of": "SpeechStream"}
    assert uploads_of(first) == 0


def test_without_a_rule_it_waits_as_before(pipeline: Pipeline, court: ProviderAccount) -> None:
    pausing.pause(pipeline.account)
    recording = pipeline.bring(language="en")
    until_it_waits(pipeline, recording)
    assert pipeline.job(recording).account == pipeline.account


def test_all_jobs_complete_through_the_other_server_while_one_is_down_and_none_twice(
    pipeline: Pipeline, court: ProviderAccount, speech: SpeechProcess
) -> None:
    """The first server refuses connections; its health is known only later, so jobs wait there at first."""
    down = ProviderAccount.objects.create(
        name="Down", kind="speechstream", endpoint="http://127.0.0.1:9", key_variable=court.key_variable
    )
    for account in (down, court):
        changes.add(None, str(account.pk))
    brought = [pipeline.bring(language="en") for _ in range(5)]
    assert {pipeline.job(recording).account for recording in brought} == {down}
    pipeline.until_idle()
    assert [pipeline.job(recording).status for recording in brought] == ["succeeded"] * 5
    assert {pipeline.job(recording).account for recording in brought} == {court}
    assert len(speech.ledger("upload")) == len(brought)
    health.check_health(down)
    assert "can’t be reached" in choice.for_new(brought[0], "en").because


def test_a_job_that_was_sent_stays_with_its_account(
    pipeline: Pipeline, listed: list[ProviderAccount], speech: SpeechProcess
) -> None:
    first, court = listed
    speech.rescript({"seconds": None})
    recording = pipeline.bring(language="en")
    pipeline.until(lambda: Chunk.objects.filter(status="sent").exists())
    pausing.pause(first)
    assert not moves.move(pipeline.job(recording).pk, first, choice.Choice(court))
    speech.release()
    pipeline.until_idle()
    assert pipeline.job(recording).account == first
    assert len(speech.ledger("upload")) == 1


@pytest.mark.parametrize("status", ["sending", "unknown"])
def test_what_a_provider_may_have_is_moved_nowhere(
    pipeline: Pipeline, listed: list[ProviderAccount], status: str
) -> None:
    first, court = listed
    close(first)
    recording = pipeline.bring(language="en")
    until_it_waits(pipeline, recording)
    Chunk.objects.update(status=status)
    assert not moves.move(pipeline.job(recording).pk, first, choice.Choice(court))
    # Sent again for a reason that has been settled since, so an earlier sending may have arrived
    Chunk.objects.update(status="pending", resends=1)
    assert not moves.move(pipeline.job(recording).pk, first, choice.Choice(court))


def test_a_worker_that_claimed_a_job_moved_meanwhile_gives_it_back(
    pipeline: Pipeline, listed: list[ProviderAccount]
) -> None:
    first, court = listed
    close(first)
    recording = pipeline.bring(language="en")
    until_it_waits(pipeline, recording)
    step = Step.objects.get(kind=StepKind.SUBMIT)
    assert moves.move(pipeline.job(recording).pk, first, choice.Choice(court))
    assert moves.claim(step.pk, first) == []
    step.refresh_from_db()
    assert (step.status, uploads_of(first)) == ("ready", 0)
    [held] = moves.claim(step.pk, court)
    assert not moves.move(pipeline.job(recording).pk, court, choice.Choice(first))
    steps.reschedule(held, due_at=step.due_at)
    pipeline.until_idle()
    assert (uploads_of(first), uploads_of(court)) == (0, 1)


def test_a_step_that_changed_hands_before_the_intent_is_not_sent(
    pipeline: Pipeline, listed: list[ProviderAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease ran out while the audio was cut: the job was recovered and moved, then the first worker continues."""
    first, court = listed
    close(first)
    recording = pipeline.bring(language="en")
    until_it_waits(pipeline, recording)
    [held] = moves.claim(Step.objects.get(kind=StepKind.SUBMIT).pk, first)
    ProcessingJob.objects.update(account=court)
    with outgoing(first, held) as file:
        assert file is not None
        assert submission._intend(first, held, file) is None
    assert Chunk.objects.get().status == "pending"


def test_two_conductors_move_a_job_once(pipeline: Pipeline, listed: list[ProviderAccount]) -> None:
    first, court = listed
    close(first)
    recordings = [pipeline.bring(language="en") for _ in range(3)]
    until_it_waits(pipeline, *recordings)
    close(court)
    pausing.pause(first)
    both = Barrier(2)

    def conduct() -> None:
        both.wait()
        try:
            rounds.move_waiting()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for conducting in [pool.submit(conduct) for _ in range(2)]:
            conducting.result()
    assert set(ProcessingJob.objects.values_list("account", flat=True)) == {court.pk}
    assert Activity.objects.filter(verb="job:moved").count() == len(recordings)


def test_a_job_is_either_moved_or_sent(pipeline: Pipeline, listed: list[ProviderAccount]) -> None:
    """A worker sends for an account while a conductor moves its jobs away."""
    first, court = listed
    close(first)
    recordings = [pipeline.bring(language="en") for _ in range(6)]
    until_it_waits(pipeline, *recordings)
    ProviderAccount.objects.filter(pk=first.pk).update(upload_limit=0)
    both = Barrier(2)

    def move() -> None:
        both.wait()
        try:
            for recording in reversed(recordings):
                moves.move(pipeline.job(recording).pk, first, choice.Choice(court))
        finally:
            connections.close_all()

    def send() -> None:
        both.wait()
        try:
            submission.submit_round(first.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for working in (pool.submit(move), pool.submit(send)):
            working.result()
    pipeline.until_idle()
    assert [pipeline.job(recording).status for recording in recordings] == ["succeeded"] * 6
    assert ProviderCall.objects.filter(endpoint="upload").count() == len(recordings)
    for job in ProcessingJob.objects.all():
        assert ProviderCall.objects.get(job=job, endpoint="upload").account_id == job.account_id
