"""An archive of 100,000 recordings in 50 teams, of which one person is in all: rows without words, made in bulk."""

from __future__ import annotations

import os
import random
import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from transcripts.models import Assignment, Folder, ProcessingJob, ProviderAccount, Recording, Tag, Transcript
from transcripts.models.choices import JobStatus, ReviewStage, Stage, TranscriptStatus
from transcripts.models.recordings import NEVER, NOT_REVIEWABLE

RECORDINGS, TEAMS, BATCH = int(os.environ.get("LIBRARY_RECORDINGS", "100000")), 50, 2_000
WORDS = [
    "council",
    "budget",
    "harbour",
    "mayor",
    "dam",
    "court",
    "interview",
    "podil",
    "market",
    "hearing",
    "archive",
    "morning",
]
CONDITIONS = (
    # How many of a hundred have this job and this transcript
    (60, JobStatus.SUCCEEDED, TranscriptStatus.APPROVED),
    (15, JobStatus.SUCCEEDED, TranscriptStatus.IN_REVIEW),
    (19, JobStatus.SUCCEEDED, TranscriptStatus.DRAFT),
    (5, JobStatus.FAILED, None),
    (1, JobStatus.RUNNING, None),
)


def make() -> User:
    """Fill the database; return the person who is in all teams."""
    # Rows of five years are made in a minute
    Recording._meta.get_field("created_at").auto_now_add = False
    chance = random.Random(12)  # noqa: S311 - the same archive each time
    people = [User.objects.create_user(email=f"p{n}@example.org", name=f"Person {n}") for n in range(TEAMS)]
    teams = [Team.objects.create(name=f"Team {n:02}", slug=f"team-{n:02}", is_approved=True) for n in range(TEAMS)]
    for number, team in enumerate(teams):
        for user in {people[0], people[number]}:
            Membership.objects.create(team=team, user=user, role=Role.EDITOR)
    account = ProviderAccount.objects.create(name="Bench", kind="speechstream", endpoint="http://127.0.0.1:9")
    folders = {team.pk: [Folder.objects.create(team=team, name=f"Folder {n}") for n in range(5)] for team in teams}
    tags = {team.pk: [Tag.objects.create(team=team, name=f"tag {n}") for n in range(8)] for team in teams}
    for first in range(0, RECORDINGS, BATCH):
        rows = [_row(number, teams, people, folders, chance) for number in range(first, first + BATCH)]
        # Recordings name their jobs and transcripts, which name them: constraints are asked at the end
        with transaction.atomic():
            _write(rows, account, tags, chance)
    return people[0]


def _row(
    number: int, teams: list[Team], people: list[User], folders: dict[int, list[Folder]], chance: Any
) -> Recording:
    team = teams[number % TEAMS]
    # A twentieth is in the trash
    deleted = timezone.now() - timedelta(days=chance.random() * 29) if number % 20 == 7 else None
    return Recording(
        pk=uuid.UUID(int=chance.getrandbits(128), version=4),
        team=team,
        owner=people[number % TEAMS if chance.random() < 0.9 else 0],
        title=f"{' '.join(chance.sample(WORDS, 3)).capitalize()} {number}",
        filename=f"{number}.wav",
        duration_ms=chance.randrange(60_000, 7_200_000),
        folder=chance.choice(folders[team.pk]) if chance.random() < 0.5 else None,
        created_at=timezone.now() - timedelta(seconds=chance.random() * 5 * 365 * 86_400),
        deleted_at=deleted,
        deleted_by=people[0] if deleted else None,
    )


def _write(recordings: list[Recording], account: ProviderAccount, tags: dict[int, list[Tag]], chance: Any) -> None:
    jobs, transcripts, assignments = [], [], []
    weights = [share for share, _, _ in CONDITIONS]
    for recording in recordings:
        _, job_status, status = chance.choices(CONDITIONS, weights)[0]
        stage = Stage.DONE if job_status == JobStatus.SUCCEEDED else Stage.TRANSCRIBING
        job = ProcessingJob(recording=recording, account=account, status=job_status, stage=stage)
        jobs.append(job)
        recording.latest_job_id, recording.job_status = job.pk, job_status
        if status is None:
            continue
        transcript = _transcript(recording, job, status, chance)
        transcripts.append(transcript)
        if status != TranscriptStatus.APPROVED and chance.random() < 0.5:
            assignments.append(_assign(recording, transcript, chance))
    Recording.objects.bulk_create(recordings)
    ProcessingJob.objects.bulk_create(jobs)
    Transcript.objects.bulk_create(transcripts)
    Assignment.objects.bulk_create(assignments)
    through = Recording.tags.through
    through.objects.bulk_create(
        through(recording_id=one.pk, tag_id=tag.pk)
        for one in recordings
        for tag in chance.sample(tags[one.team_id], chance.randrange(3))
    )


def _transcript(recording: Recording, job: ProcessingJob, status: str, chance: Any) -> Transcript:
    reviewed = chance.randrange(0, 1500) if status != TranscriptStatus.DRAFT else 0
    transcript = Transcript(
        recording=recording, job=job, status=status, language="en", provider="Bench", word_count=1500,
        reviewed_words=reviewed, doubtful_words=chance.randrange(40),
    )  # fmt: skip
    stages = {TranscriptStatus.APPROVED: ReviewStage.APPROVED, TranscriptStatus.IN_REVIEW: ReviewStage.DUE}
    recording.latest_transcript_id = transcript.pk
    recording.review = stages.get(TranscriptStatus(status), ReviewStage.DRAFT)
    recording.reviewed_percent = 100 if status == TranscriptStatus.APPROVED else 100 * reviewed // 1500
    return transcript


def _assign(recording: Recording, transcript: Transcript, chance: Any) -> Assignment:
    due_on = date(2026, 11, 1) + timedelta(days=chance.randrange(60)) if chance.random() < 0.6 else None
    recording.review, recording.due_on = ReviewStage.DUE, due_on or NEVER
    recording.reviewer_id = recording.owner_id
    assert recording.reviewed_percent != NOT_REVIEWABLE
    assert recording.reviewer_id is not None
    return Assignment(transcript=transcript, assignee_id=recording.reviewer_id, due_on=due_on)
