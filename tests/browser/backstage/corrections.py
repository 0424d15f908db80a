"""Corrected sessions that are transcribed again."""

from __future__ import annotations

from accounts.models import User
from tests.browser.backstage.audio import add_sound
from tests.browser.backstage.people import team
from tests.browser.backstage.recordings import show
from tests.support import retranscription
from transcripts.models import Conflict, ProcessingJob, Transcript
from transcripts.models import Segment as Row
from transcripts.services.pipeline import retranscription as services

# Someone says something in a session that is over.
EVERY_MS = 7_000


def spoken(title: str, said: list[str], gaps: list[list[int]] | None = None) -> str:
    """Have Alice speak in a session that is over; return the id of its text."""
    alice = User.objects.get(email="alice@example.org")
    segments = [retranscription.said(text, number * EVERY_MS, f"S{number % 2}") for number, text in enumerate(said)]
    made = retranscription.make_session(team(), alice, *segments, title=title, gaps=gaps or [])
    add_sound(made.recording)
    return str(made.pk)


def correct(transcript: str, position: int, text: str) -> None:
    """Correct a segment, as Alice does."""
    row = Row.objects.get(transcript__id=transcript, position=position)
    retranscription.correct(row, text, User.objects.get(email="alice@example.org"))


def improve(transcript: str, stage: str = "", progress: int | None = None) -> str:
    """Transcribe a session again; return the id of the job, which does what is said and no more."""
    owner = User.objects.get(email="alice@example.org")
    job = services.retranscribe(Transcript.objects.get(pk=transcript), actor=owner)
    if stage:
        show(str(job.pk), stage, progress)
    return str(job.pk)


def improved(transcript: str, heard: list[str]) -> str:
    """End the job that transcribes a session again; return the id of the new one."""
    job = ProcessingJob.objects.get(base_transcript__id=transcript)
    segments = [retranscription.said(text, number * EVERY_MS, f"A{number % 2}") for number, text in enumerate(heard)]
    return str(retranscription.finish(job, *segments).pk)


def show_improving(transcript: str, stage: str, progress: int | None = None) -> None:
    """Move the job that transcribes a session again on, as a worker does."""
    show(str(ProcessingJob.objects.get(base_transcript__id=transcript).pk), stage, progress)


def disagree(transcript: str, position: int, kept: str, offered: str) -> None:
    """Let a new transcription differ from what is in a segment."""
    row = Row.objects.filter(transcript__id=transcript)[position]
    start_ms, end_ms = row.start_ms or 0, row.end_ms or 0
    Conflict.objects.create(segment=row, start_ms=start_ms, end_ms=end_ms, kept=kept, offered=offered)
