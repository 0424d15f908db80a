"""A team that keeps its audio on this instance: nothing of it is sent outside, on any way and at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from transcripts.models import Chunk, LiveSession, ProcessingJob, ProviderAccount, ProviderCall, Recording, Step
from transcripts.models.choices import StepKind, WaitsFor
from transcripts.selectors.operations.why import why
from transcripts.selectors.status import NEXT_SLICE
from transcripts.services.errors import Refused
from transcripts.services.live import leases, lifecycle, provider_link
from transcripts.services.pipeline import jobs, submission, waits
from transcripts.services.pipeline.retranscription import retranscribe
from transcripts.services.pipeline.routing import moves, rounds
from transcripts.services.pipeline.slices import rows
from transcripts.services.provider_accounts.routing import changes, places
from transcripts.services.teams.routing import keep_audio

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Team
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outside(pipeline: Pipeline) -> ProviderAccount:
    """The pipeline's own account, which an operator says is outside."""
    changes.say_place(pipeline.account, "outside")
    pipeline.account.refresh_from_db()
    return pipeline.account


def team_of(pipeline: Pipeline) -> Team:
    return pipeline.person.personal_team


def keep(pipeline: Pipeline, *, keeps: bool = True) -> None:
    keep_audio(team_of(pipeline), keeps=keeps, actor=pipeline.person)


def uploads_of(account: ProviderAccount) -> int:
    return ProviderCall.objects.filter(account=account, endpoint="upload").count()


def make_waiting(pipeline: Pipeline, account: ProviderAccount) -> ProcessingJob:
    """Make a job whose prepared audio waits to be sent to the account."""
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    job = pipeline.job(recording)
    recording.transcripts.all().delete()
    ProviderCall.objects.all().delete()
    Chunk.objects.all().delete()
    job.steps.all().delete()
    ProcessingJob.objects.filter(pk=job.pk).update(status="queued", stage="waiting", finished_at=None, account=account)
    job.refresh_from_db()
    rows.ensure_chunk(job)
    Step.objects.create(job=job, kind=StepKind.SUBMIT, due_at=job.created_at)
    return job


def test_what_was_queued_before_moves_to_a_provider_inside(
    pipeline: Pipeline, outside: ProviderAccount, court: ProviderAccount
) -> None:
    job = make_waiting(pipeline, outside)
    keep(pipeline)
    job.refresh_from_db()
    assert job.account == court
    assert job.moved_because == "Waits for Court, because SpeechStream is outside this instance."
    pipeline.until_idle()
    assert (uploads_of(outside), uploads_of(court)) == (0, 1)


def test_without_a_provider_inside_it_waits_and_says_why(
    pipeline: Pipeline, outside: ProviderAccount, speech: SpeechProcess
) -> None:
    job = make_waiting(pipeline, outside)
    sent = len(speech.ledger("upload"))
    keep(pipeline)
    for _ in range(3):
        pipeline.step_once()
    assert len(speech.ledger("upload")) == sent
    step = Step.objects.get(job=job, kind=StepKind.SUBMIT)
    assert (step.status, step.waits_for, step.attempts) == ("ready", WaitsFor.PLACE, 0)
    assert places.NOWHERE in why(Recording.objects.get(pk=job.recording_id))
    keep(pipeline, keeps=False)
    pipeline.until_idle()
    assert pipeline.job(job.recording).status == "succeeded"


def make_begun(pipeline: Pipeline, account: ProviderAccount) -> ProcessingJob:
    """Make a job in two slices: the first is answered by the account, the second waits to be sent to it."""
    job = make_waiting(pipeline, account)
    Chunk.objects.all().delete()
    Chunk.objects.create(job=job, index=0, end_ms=1000, status="answered", answer=b"{}")
    rest = Chunk.objects.create(job=job, index=1, start_ms=1000, end_ms=2000)
    Step.objects.filter(job=job).update(chunk=rest)
    ProcessingJob.objects.filter(pk=job.pk).update(status="running", stage="transcribing", progress=50)
    return job


def test_what_was_begun_outside_says_so_and_begins_anew_inside(
    pipeline: Pipeline, outside: ProviderAccount, court: ProviderAccount
) -> None:
    job = make_begun(pipeline, outside)
    keep(pipeline)
    pipeline.step_once()
    recording = Recording.objects.get(pk=job.recording_id)
    said = why(recording)
    assert said[0] == moves.BEGUN.format(account="SpeechStream")
    assert not any("queue" in sentence for sentence in said)
    jobs.cancel(job, actor=pipeline.person)
    assert jobs.retry(recording, actor=pipeline.person).account == court
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert (uploads_of(outside), uploads_of(court)) == (0, 1)


def test_a_recording_whose_next_slice_waits_for_a_slot_says_so(pipeline: Pipeline, court: ProviderAccount) -> None:
    job = make_begun(pipeline, court)
    recording = Recording.objects.get(pk=job.recording_id)
    assert why(recording)[0] == f"Transcribing, 50 % done. {NEXT_SLICE}"
    Step.objects.create(job=job, kind=StepKind.CHECK, due_at=job.created_at)
    assert why(recording)[0] == "Transcribing, 50 % done."


def test_an_upload_waits_for_a_provider_inside_and_keeps_no_one_else_waiting(
    pipeline: Pipeline, outside: ProviderAccount, speech: SpeechProcess
) -> None:
    keep(pipeline)
    recording = pipeline.bring(language="en")
    assert not recording.jobs.exists()
    other = factories.make_user("Bob Brown")
    Recording.objects.filter(pk=recording.pk).update(created_at="2020-01-01T00:00:00Z")
    theirs = pipeline.bring(owner=other, language="en")
    theirs.jobs.all().delete()
    waits.begin_waiting()
    assert not recording.jobs.exists()
    assert theirs.jobs.exists()
    pipeline.until_idle()
    assert len(speech.ledger("upload")) == 1
    changes.say_place(outside, "inside")
    waits.begin_waiting()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def test_neither_a_person_nor_a_new_attempt_sends_it_outside(pipeline: Pipeline, outside: ProviderAccount) -> None:
    recording = pipeline.bring(language="en")
    pipeline.until_idle()
    transcript = recording.transcripts.get()
    keep(pipeline)
    before = uploads_of(outside)
    with pytest.raises(Refused, match="SpeechStream is outside"):
        retranscribe(transcript, actor=pipeline.person, account=outside)
    begins: list[Callable[[], object]] = [
        lambda: retranscribe(transcript, actor=pipeline.person),
        lambda: jobs.start(recording, actor=pipeline.person),
        lambda: jobs.begin(recording, actor=None, language=""),
    ]
    for begin in begins:
        with pytest.raises(places.NoPlace, match="no provider on it can be used"):
            begin()
    assert uploads_of(outside) == before


def test_a_job_that_names_an_account_outside_is_not_sent_there(
    pipeline: Pipeline, outside: ProviderAccount, court: ProviderAccount
) -> None:
    """However a job came to its account: the last look is in the transaction of the intent to send."""
    job = make_waiting(pipeline, outside)
    ProcessingJob.objects.update(is_account_chosen=True)
    keep(pipeline)
    ProcessingJob.objects.update(account=outside)
    Step.objects.filter(kind=StepKind.SUBMIT).update(due_at=job.created_at, waits_for="")
    submission.submit_round(outside.pk)
    assert uploads_of(outside) == 0
    rounds.move_waiting()
    job.refresh_from_db()
    assert job.account == court
    pipeline.until_idle()
    assert (uploads_of(outside), uploads_of(court)) == (0, 1)


def test_failover_never_crosses_the_border(
    pipeline: Pipeline, outside: ProviderAccount, court: ProviderAccount
) -> None:
    for account in (court, outside):
        changes.add(None, str(account.pk))
    keep(pipeline)
    job = make_waiting(pipeline, court)
    ProviderAccount.objects.filter(pk=court.pk).update(paused_at=job.created_at)
    for _ in range(3):
        pipeline.step_once()
    job.refresh_from_db()
    assert (job.account, uploads_of(outside)) == (court, 0)


def test_no_live_session_begins_outside(pipeline: Pipeline, outside: ProviderAccount) -> None:
    keep(pipeline)
    with pytest.raises(Refused, match="no provider on it can be used"):
        lifecycle.start(owner=pipeline.person, team=team_of(pipeline), title="Meeting")
    assert not LiveSession.objects.exists()


def test_a_live_session_goes_to_a_provider_inside(
    pipeline: Pipeline, outside: ProviderAccount, court: ProviderAccount
) -> None:
    keep(pipeline)
    assert lifecycle.start(owner=pipeline.person, team=team_of(pipeline), title="Meeting").account == court


def test_a_live_session_under_way_is_cut_off_and_never_linked_again(
    pipeline: Pipeline, outside: ProviderAccount
) -> None:
    session = leases.take(lifecycle.start(owner=pipeline.person, team=team_of(pipeline), title="Meeting"))
    assert provider_link.connection_of(session) is not None
    assert provider_link.kept_inside([session]) == frozenset()
    keep(pipeline)
    assert provider_link.connection_of(session) is None
    assert provider_link.kept_inside([session]) == {session.pk}
