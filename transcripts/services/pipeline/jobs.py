"""The life of a job: begun, moved on, ended. Each is one transaction of transition, activity and event."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from transcripts import clock, events, request_ids
from transcripts.models import MediaFile, ProcessingJob, Recording, Step
from transcripts.models.choices import (
    ACTIVE_STEP,
    JobStatus,
    MediaKind,
    NotificationKind,
    Stage,
    StepKind,
    StepStatus,
)
from transcripts.services import activities, notifications, quotas, storage, summaries
from transcripts.services.errors import NoProvider, Refused
from transcripts.services.pipeline import measures, steps
from transcripts.services.pipeline.reuse import equals
from transcripts.services.pipeline.routing import choice
from transcripts.services.pipeline.slices import rows
from transcripts.services.provider_accounts import accounts, languages
from transcripts.services.provider_accounts.routing import places
from transcripts.services.provider_accounts.wishes import of_arrival, told
from transcripts.services.transcript.imports import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Chunk, ProviderAccount, Transcript
    from transcripts.providers.capabilities import Wishes


RUNS_ALREADY = "This recording is already being transcribed. Wait until it is ready, or cancel the transcription first."
WAITS = "This recording isn’t being transcribed yet: it waits for its turn. Cancel it first to begin it in another way."
NO_PROVIDER_YET = "This recording waits for a speech-to-text provider, and begins automatically once there is one."
# Whose recording it is, and who asked for it, learn how it ended
TOLD = {JobStatus.SUCCEEDED: NotificationKind.READY, JobStatus.FAILED: NotificationKind.FAILED}


def start(
    recording: Recording,
    *,
    actor: User,
    language: str = "",
    wishes: Wishes | None = None,
    base_transcript: Transcript | None = None,
    compares: Transcript | None = None,
    prepared_again: bool = False,
    account: ProviderAccount | None = None,
) -> ProcessingJob:
    """Begin to transcribe because a person asks for it; the result is merged with the `base_transcript`.

    One that `compares` a transcript is kept beside it instead. Without an `account` it goes where new recordings go,
    without `wishes` it has those that it came with, else those of its team. Raises Refused for an unknown language,
    while another job of the recording runs, and if no minutes are left; NoProvider if no provider can be asked.
    """
    chosen = choice.for_new(recording, language, account)
    languages.refuse_unknown_language(accounts.with_key(chosen.account), language)
    quotas.refuse_minutes(recording.team, actor, recording.duration_ms or 0)
    return begin(
        recording,
        actor=actor,
        language=language,
        wishes=wishes,
        base_transcript=base_transcript,
        compares=compares,
        prepared_again=prepared_again,
        account=account,
    )


def begin(
    recording: Recording,
    *,
    actor: User | None,
    language: str,
    wishes: Wishes | None = None,
    base_transcript: Transcript | None = None,
    compares: Transcript | None = None,
    prepared_again: bool = False,
    account: ProviderAccount | None = None,
) -> ProcessingJob:
    """Begin to transcribe. Raises Refused while another job of the recording runs."""
    with _only_job(recording):
        chosen = choice.for_new(recording, language, account)
        of = {"base_transcript": base_transcript, "compares": compares}
        job = _create(recording, chosen, actor=actor, language=language, wishes=wishes, **of)
        steps.add(job, StepKind.PREPARE if prepared_again else _first_step(job))
    return job


def begin_or_wait(recording: Recording, *, wishes: Wishes) -> ProcessingJob | None:
    """Begin the first transcript of an uploaded recording; None without a provider: it begins once there is one."""
    try:
        choice.require_key(recording)
        return begin(recording, actor=recording.owner, language=recording.language, wishes=wishes)
    except NoProvider:
        return None


def retry(recording: Recording, *, actor: User) -> ProcessingJob:
    """Begin again after a failure, keeping what was finished: what was paid for is not paid for twice."""
    last = recording.jobs.filter(compares=None).order_by("-created_at").first()
    if last is None:
        raise Refused("waiting", NO_PROVIDER_YET)
    if last.is_active:
        raise _refusal_of(recording)
    base, kept = rows.base_of(last), rows.worth_keeping(last)
    # The account that has a part of it may not have the rest
    is_rest_sent = len(kept) == last.chunks.count() or places.may_have(last.account, recording.team_id)
    if not kept or not is_rest_sent:
        return start(recording, actor=actor, language=last.language, wishes=last.wishes, base_transcript=base)
    return _continue_from(last, kept, base, actor=actor)


def _continue_from(last: ProcessingJob, kept: list[Chunk], base: Transcript | None, *, actor: User) -> ProcessingJob:
    """Take over what the provider answered, ask on for what it was sent, and send the slices that it hasn't."""
    with _only_job(last.recording):
        chosen, language = choice.Choice(last.account, is_fixed=last.is_account_chosen), last.language
        job = _create(last.recording, chosen, actor=actor, language=language, wishes=last.wishes, base_transcript=base)
        missing = rows.carry_over(last, kept, job)
        mark_running(job.pk)
        report_progress(job.pk, Stage.TRANSCRIBING if missing else Stage.ASSEMBLING)
        for kind, chunk_id in missing or [(StepKind.ASSEMBLE, None)]:
            steps.add(job, kind, chunk_id=chunk_id)
    return job


def _create(
    recording: Recording,
    chosen: choice.Choice,
    *,
    actor: User | None,
    language: str,
    wishes: Wishes | None,
    **of: Transcript | None,
) -> ProcessingJob:
    job = ProcessingJob.objects.create(
        recording=recording,
        account=chosen.account,
        is_account_chosen=chosen.is_fixed,
        moved_because=chosen.because,
        requested_by=actor,
        language=language,
        # Only what the provider is told is stored, so that no page claims more.
        **told(chosen.account, wishes or of_arrival(recording), language).columns(),
        request_id=request_ids.current(),
        **of,
    )
    summaries.refresh(recording.pk)
    verb = "comparison:started" if of.get("compares") else "job:started"
    activities.record(verb, recording, actor=actor, language=language)
    events.publish("recording.changed", recording)
    return job


@contextmanager
def _only_job(recording: Recording) -> Iterator[None]:
    """Make all of a job or nothing; of two that begin at the same time, the database admits one. Raises Refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise _refusal_of(recording) from None


def _refusal_of(recording: Recording) -> Refused:
    """Return why no other job can begin: there is one that runs, or the first waits for its turn."""
    if recording.jobs.filter(finished_at=None, stage=Stage.WAITING, compares=None, base_transcript=None).exists():
        return Refused("waiting", WAITS)
    return Refused("job_running", RUNS_ALREADY)


def _first_step(job: ProcessingJob) -> StepKind:
    """What was prepared once is not prepared again, unless the storage lost it."""
    audio = MediaFile.objects.filter(recording_id=job.recording_id, kind=MediaKind.AUDIO).first()
    if audio is None or not storage.path_of(audio.storage_name).exists():
        return StepKind.PREPARE
    rows.ensure_chunk(job)
    return after_preparation(job)


def after_preparation(job: ProcessingJob) -> StepKind:
    """Return the step that follows: without times to be found, an imported transcript needs no provider."""
    file = files.waiting_for(job)
    is_sent = file is None or files.is_recognised(file, job.account)
    report_progress(job.pk, Stage.WAITING if is_sent else Stage.ASSEMBLING)
    return StepKind.SUBMIT if is_sent else StepKind.ASSEMBLE


def mark_running(job_id: UUID) -> None:
    """Mark a queued job as running; one that runs already stays as it is."""
    with transaction.atomic():
        if ProcessingJob.objects.filter(pk=job_id).transition(JobStatus.RUNNING, started_at=clock.now()):
            recording = Recording.objects.get(jobs=job_id)
            summaries.refresh(recording.pk)
            events.publish("recording.changed", recording)


def report_progress(job_id: UUID, stage: Stage, progress: int | None = None) -> None:
    """Show people what the job is doing, and tell their pages if that is new."""
    new = ~Q(stage=stage)
    if progress is None:
        new |= Q(progress__isnull=False)
    else:
        new |= Q(progress__isnull=True) | ~Q(progress=progress)
    active = ProcessingJob.objects.filter(new, pk=job_id, status__in=(JobStatus.QUEUED, JobStatus.RUNNING))
    with transaction.atomic():
        if active.update(stage=stage, progress=progress):
            events.publish("recording.changed", Recording.objects.get(jobs=job_id))


def succeed(job_id: UUID) -> None:
    """End a job that made its transcript; call it in the transaction that keeps the transcript."""
    _end(job_id, JobStatus.SUCCEEDED, "job:succeeded", stage=Stage.DONE, progress=None)


def fail(job_id: UUID, *, code: str, message: str) -> bool:
    """End a job with a message for people; False if it had ended before."""
    return _end(job_id, JobStatus.FAILED, "job:failed", error_code=code[:40], error_message=message[:500])


@transaction.atomic
def fail_step(held: steps.Claim, *, code: str, message: str) -> None:
    """End a job because of a step; of a slice, once the others are answered. Raises steps.LostLease."""
    steps.fail(held, message)
    if held.chunk_id is None:
        fail(held.job_id, code=code, message=message)
    else:
        rows.note_failure(held.chunk_id, code, message)
        continue_with(held)


def continue_with(held: steps.Claim) -> None:
    """Assemble once the provider answered all that it will of the job, or end it if that is nothing.

    Call it in the transaction that ended the step: the job is locked by then, so one of its slices is the last.
    """
    if held.chunk_id and rows.is_any_open(held.job_id):
        report_progress(held.job_id, Stage.TRANSCRIBING, rows.progress(held.job_id))
        return
    failed = rows.first_failed(held.job_id) if held.chunk_id else None
    if failed is not None and not rows.is_worth_reading(held.job_id):
        fail(held.job_id, code=failed.error_code, message=failed.error_message)
        return
    steps.add(ProcessingJob(pk=held.job_id), StepKind.ASSEMBLE)
    report_progress(held.job_id, Stage.ASSEMBLING)


def cancel(job: ProcessingJob, *, actor: User | None) -> bool:
    """Cancel a job; False if it had ended before."""
    return _end(job.pk, JobStatus.CANCELLED, "job:cancelled", actor=actor)


def cancel_all(recording: Recording, *, actor: User | None) -> None:
    """Stop whatever works on the recording."""
    for job in recording.jobs.filter(finished_at=None):
        cancel(job, actor=actor)


@transaction.atomic
def _end(job_id: UUID, status: JobStatus, verb: str, *, actor: User | None = None, **fields: object) -> bool:
    """End the job and whatever of its steps is still open."""
    if not ProcessingJob.objects.filter(pk=job_id).transition(status, finished_at=clock.now(), **fields):
        return False
    left = StepStatus.FAILED if status == JobStatus.FAILED else StepStatus.CANCELLED
    open_steps = Step.objects.filter(job_id=job_id, status__in=ACTIVE_STEP)
    open_steps.transition(left, finished_at=clock.now(), lease_owner="", lease_until=None)
    job = ProcessingJob.objects.select_related("recording__owner", "requested_by").get(pk=job_id)
    recording = job.recording
    measures.job_ended(job)
    equals.release(job)
    summaries.refresh(recording.pk)
    if status in TOLD and job.compares_id is None:
        notifications.notify(TOLD[status], [recording.owner, job.requested_by], recording)
    activities.record(verb, recording, actor=actor, code=str(fields.get("error_code", "")))
    events.publish("recording.changed", recording)
    events.publish_to_team("queue.changed", recording.team_id)
    return True
