"""People, recordings in every state, and transcripts: plain functions, so a test names what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from transcripts.models import (
    POSITION_GAP,
    Chunk,
    Comparison,
    Export,
    MediaFile,
    ProcessingJob,
    ProviderAccount,
    Recording,
    Segment,
    Speaker,
    Step,
    Transcript,
)
from transcripts.models.choices import ChunkStatus, ExportStatus, JobStatus, MediaKind, Stage, StepKind, StepStatus
from transcripts.services import storage, summaries

if TYPE_CHECKING:
    from datetime import datetime

PASSWORD = "correct horse battery"
WORD_MS = 400


@dataclass(frozen=True, slots=True)
class Cast:
    """A team with one person a role, and Charlie, who is in no team of theirs."""

    team: Team
    alice: User
    erin: User
    vera: User
    charlie: User


def make_user(name: str, **fields: Any) -> User:
    """Make a person who signs in with PASSWORD."""
    fields.setdefault("email", f"{name.split()[0].lower()}@example.org")
    return User.objects.create_user(password=PASSWORD, name=name, **fields)


def make_team(name: str = "Newsroom", **people: User) -> Team:
    """Make a team; each keyword is a role and who has it."""
    team = Team.objects.create(name=name, slug=Team.objects.free_slug(name), is_approved=True)
    for role, user in people.items():
        Membership.objects.create(team=team, user=user, role=Role(role))
    return team


def make_cast() -> Cast:
    """Make Alice the owner, Erin the editor, Vera the viewer, and Charlie the outsider."""
    alice, erin, vera, charlie = (make_user(name) for name in ("Alice Adams", "Erin East", "Vera Vale", "Charlie Cole"))
    return Cast(make_team(owner=alice, editor=erin, viewer=vera), alice, erin, vera, charlie)


def make_account(**fields: Any) -> ProviderAccount:
    """Return the provider account of the tests."""
    defaults = {"kind": "speechstream", "endpoint": "http://127.0.0.1:9", "is_healthy": True, **fields}
    return ProviderAccount.objects.get_or_create(name="SpeechStream", defaults=defaults)[0]


def make_recording(team: Team, title: str = "Council meeting", **fields: Any) -> Recording:
    """Make a recording of 41 seconds; `created_at` may lie in the past."""
    created_at: datetime | None = fields.pop("created_at", None)
    fields = {"filename": f"{title}.wav", "duration_ms": 41_000, **fields}
    recording = Recording.objects.create(team=team, title=title, **fields)
    if created_at is not None:
        Recording.objects.filter(pk=recording.pk).update(created_at=created_at)
        recording.refresh_from_db()
    return recording


def make_stored_recording() -> Recording:
    """Make a recording of Alice's with its original of one byte in the storage."""
    alice = make_user("Alice Adams")
    recording = make_recording(alice.personal_team, owner=alice)
    name = f"originals/{recording.pk}"
    MediaFile.objects.create(recording=recording, kind=MediaKind.ORIGINAL, storage_name=name, bytes=1)
    path = storage.path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return recording


def make_job(recording: Recording, status: str = JobStatus.RUNNING, **fields: Any) -> ProcessingJob:
    """Make a job with the steps that its stage has behind it."""
    fields.setdefault("stage", Stage.DONE if status == JobStatus.SUCCEEDED else Stage.PREPARING)
    finished = timezone.now() if status in (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED) else None
    fields = {"account": make_account(), "started_at": timezone.now(), "finished_at": finished, **fields}
    job = ProcessingJob.objects.create(recording=recording, status=status, **fields)
    _make_steps(job)
    _make_passed(job)
    summaries.refresh(recording.pk)
    return job


def _make_passed(job: ProcessingJob) -> None:
    """What the stages that lie behind the job left: the prepared sound, the intent to send, the sending."""
    way = [stage for stage in Stage.values if stage != Stage.QUEUED]
    behind = way.index(job.stage) if job.status != JobStatus.FAILED else 0
    if behind >= 1:
        MediaFile.objects.get_or_create(
            recording=job.recording,
            kind=MediaKind.AUDIO,
            defaults={"storage_name": f"audio/{job.recording_id}", "bytes": 1},
        )
        Chunk.objects.create(job=job, end_ms=1000, sent_at=timezone.now() if behind >= 3 else None)
    if behind >= 4:
        make_answer(job)


def _make_steps(job: ProcessingJob) -> None:
    """Steps before the present one are done, the present one is as the job is."""
    order = [StepKind.PREPARE, StepKind.SUBMIT, StepKind.CHECK, StepKind.ASSEMBLE]
    reached = {Stage.PREPARING: 0, Stage.WAITING: 1, Stage.SENDING: 1, Stage.TRANSCRIBING: 2, Stage.ASSEMBLING: 3}
    present = reached.get(Stage(job.stage), len(order))
    now = timezone.now()
    for index, kind in enumerate(order[: present + 1]):
        done = index < present
        ended = {JobStatus.FAILED: StepStatus.FAILED, JobStatus.CANCELLED: StepStatus.CANCELLED}
        status = StepStatus.DONE if done else ended.get(JobStatus(job.status), StepStatus.READY)
        finished = now if done else None
        Step.objects.create(job=job, kind=kind, status=status, due_at=now, started_at=now, finished_at=finished)


def make_pause(job: ProcessingJob, until: datetime, reason: str) -> Step:
    """Put the job's submission off until later, as a provider's refusal does."""
    step = job.steps.get(kind=StepKind.SUBMIT)
    step.due_at, step.last_error, step.attempts = until, reason, 1
    step.save(update_fields=["due_at", "last_error", "attempts"])
    return step


def make_answer(job: ProcessingJob, answer: bytes = b'{"transcription": "hello"}') -> Chunk:
    """Keep a provider's answer."""
    now = timezone.now()
    fields = {"end_ms": 1000, "status": ChunkStatus.ANSWERED, "answer": answer, "sent_at": now, "answered_at": now}
    return Chunk.objects.update_or_create(job=job, index=0, defaults=fields)[0]


def make_export(user: User, *transcripts: Transcript, format: str = "txt", content: bytes = b"hello") -> Export:
    """Make an export whose file is ready."""
    export = Export.objects.create(
        requested_by=user,
        team=transcripts[0].recording.team,
        transcript_ids=[str(transcript.pk) for transcript in transcripts],
        format=format,
        status=ExportStatus.READY,
        filename=f"Council meeting.{format}",
        content_type="text/plain",
        bytes=len(content),
        expires_at=timezone.now() + timedelta(hours=24),
    )
    path = storage.path_of(export.storage_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return export


def make_transcript(recording: Recording, lines: list[tuple[str, str]] | None = None, **fields: Any) -> Transcript:
    """Make a transcript with its job; each line is a speaker's label and what they said.

    Words sound WORD_MS each, one after the other; a word with a question mark before it is doubtful.
    """
    if lines is None:
        lines = [("Speaker 1", "Good morning everyone and welcome."), ("Speaker 2", "Thank you, ?chair.")]
    job = fields.pop("job", None) or make_job(recording, JobStatus.SUCCEEDED)
    fields = {"language": "en", "provider": "speechstream", "engine": "engine 1", **fields}
    words = [word for _, text in lines for word in text.split()]
    doubtful = sum(word.startswith("?") for word in words)
    fields = {"word_count": len(words), "doubtful_words": doubtful, **fields}
    transcript = Transcript.objects.create(recording=recording, job=job, **fields)
    labels = list(dict.fromkeys(label for label, _ in lines if label))
    speakers = {
        label: Speaker.objects.create(transcript=transcript, key=str(position), position=position, label=label)
        for position, label in enumerate(labels)
    }
    _make_segments(transcript, lines, speakers)
    summaries.refresh(recording.pk)
    return transcript


def make_comparison(transcript: Transcript, text: str = "", **fields: Any) -> Comparison:
    """Make what another provider transcribed, to be compared; words sound WORD_MS each, one after the other."""
    text = text or " ".join(transcript.segments.values_list("text", flat=True)).replace("everyone", "everybody")
    words = [_word(word, index * WORD_MS) for index, word in enumerate(text.split())]
    fields = {"provider": "Court", "engine": "court-large", "language": "en", "word_count": len(words), **fields}
    return Comparison.objects.create(
        transcript=transcript,
        job=make_job(transcript.recording, JobStatus.SUCCEEDED, compares=transcript),
        segments=[["S0", 0, len(words) * WORD_MS, text, words, None]],
        **fields,
    )


def _make_segments(transcript: Transcript, lines: list[tuple[str, str]], speakers: dict[str, Speaker]) -> None:
    segments, at = [], 0
    for position, (label, text) in enumerate(lines):
        words = [_word(word, at + index * WORD_MS) for index, word in enumerate(text.split())]
        start, at = at, at + len(words) * WORD_MS
        segments.append(
            Segment(
                transcript=transcript,
                key=f"s{position}",
                position=position * POSITION_GAP,
                speaker=speakers.get(label),
                start_ms=start,
                end_ms=at,
                text=" ".join(word[0] for word in words),
                words=words,
            )
        )
    Segment.objects.bulk_create(segments)


def _word(text: str, start_ms: int) -> list[Any]:
    doubtful = text.startswith("?")
    return [text.removeprefix("?"), start_ms, start_ms + WORD_MS, 0.2 if doubtful else 0.95, "measured"]
