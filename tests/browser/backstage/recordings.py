"""Recordings, their jobs, transcripts and uploads."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from tests import factories
from tests.browser.backstage.audio import add_original, add_provider_audio, add_sound
from tests.browser.backstage.people import team
from tests.support import slices
from transcripts import events
from transcripts.models import Chunk, MediaFile, ProcessingJob, ProviderAccount, Recording, Transcript, Upload
from transcripts.models import Segment as Row
from transcripts.models.choices import JobStatus, MediaKind, Stage
from transcripts.services import storage
from transcripts.services.operations import housekeeping
from transcripts.services.pipeline import jobs
from transcripts.services.recordings import titles, trash


def recording(title: str = "Council meeting", **fields: Any) -> str:
    """Make a recording without any work on it."""
    days = fields.pop("days_ago", 0)
    owner = User.objects.get(email=f"{fields.pop('owner', 'alice')}@example.org")
    when = timezone.now() - timedelta(days=days)
    made = factories.make_recording(team(), title, owner=owner, created_at=when, **fields)
    events.publish("recording.created", made)
    return str(made.pk)


def job(recording: str, status: str = JobStatus.RUNNING, **fields: Any) -> str:
    """Put a job on a recording."""
    pause = fields.pop("pause_minutes", None)
    made = factories.make_job(Recording.objects.get(pk=recording), status, **fields)
    if pause:
        factories.make_pause(made, timezone.now() + timedelta(minutes=pause), "The provider asked us to wait.")
    return str(made.pk)


def know_length(recording: str, minutes: int) -> None:
    """Let preparing find out how long a recording is."""
    made = Recording.objects.get(pk=recording)
    made.duration_ms = minutes * 60_000
    made.save(update_fields=["duration_ms"])
    events.publish("recording.changed", made)


def fail(job: str) -> None:
    """Let a job fail."""
    jobs.fail(uuid.UUID(job), code="provider_failed", message="The provider could not transcribe this.")


def show(job: str, stage: str, progress: int | None = None) -> None:
    """Move a job on, as a worker does."""
    jobs.report_progress(ProcessingJob.objects.get(pk=job).pk, Stage(stage), progress)


def finish(job: str) -> None:
    """End a job with a transcript."""
    row = ProcessingJob.objects.get(pk=job)
    factories.make_transcript(row.recording, job=row)
    jobs.succeed(row.pk)


def rename(recording: str, title: str) -> None:
    """Rename a recording, as a colleague does."""
    titles.rename(Recording.objects.get(pk=recording), actor=User.objects.get(email="erin@example.org"), title=title)


def delete(recording: str) -> None:
    """Delete a recording, as a colleague does."""
    erin = User.objects.get(email="erin@example.org")
    trash.delete(Recording.objects.get(pk=recording), actor=erin)


def transcript(recording: str, lines: list[list[str]] | None = None, *, sound: bool = False, **fields: Any) -> str:
    """Make a transcript, with sound and waveform where they are asked for."""
    owner = Recording.objects.get(pk=recording)
    pairs = None if lines is None else [(label, text) for label, text in lines]
    made = factories.make_transcript(owner, pairs, **fields)
    if sound:
        add_sound(owner)
    return str(made.pk)


def take_a_part(transcript: str, from_ms: int, until_ms: int) -> None:
    """Let a transcript lack what is said between these times."""
    slices.take_a_part(Transcript.objects.get(pk=transcript), from_ms, until_ms)


def reuse(transcript: str, of: str) -> None:
    """Let the answer that a transcript was made of be that of another."""
    source = Chunk.objects.get(job__transcript__id=of)
    Chunk.objects.filter(job__transcript__id=transcript).update(is_reused=True, reused_from=source)


def original(recording: str) -> None:
    """Let a recording's sound be the file that was uploaded."""
    add_original(Recording.objects.get(pk=recording))


def provider_audio(recording: str, loud: list[list[int]]) -> None:
    """Give a recording the audio that clips are cut from, silent but for some parts."""
    add_provider_audio(Recording.objects.get(pk=recording), loud)


def segment_times(transcript: str) -> list[list[int | None]]:
    """Return where each segment starts and ends."""
    rows = Row.objects.filter(transcript__id=transcript).order_by("position")
    return [list(times) for times in rows.values_list("start_ms", "end_ms")]


def speak_in(transcript: str, language: str, positions: list[int]) -> None:
    """Let segments of a transcript be in another language."""
    Row.objects.filter(transcript__id=transcript, position__in=positions).update(language=language)


def long_transcript(recording: str, words: int) -> str:
    """Make a transcript of this many words, twenty a segment."""
    lines = [(f"Speaker {n % 3 + 1}", " ".join(f"word{n}x{w}" for w in range(20))) for n in range(words // 20)]
    made = factories.make_transcript(Recording.objects.get(pk=recording), lines)
    return str(made.pk)


def spoil_sound(recording: str) -> None:
    """Replace a recording's playback file with something that is no sound."""
    file = MediaFile.objects.get(recording_id=uuid.UUID(recording), kind=MediaKind.PLAYBACK)
    storage.path_of(file.storage_name).write_bytes(b"no sound at all")


def uploads() -> dict[str, dict[str, Any]]:
    """What the server knows of each upload, by file name."""
    return {upload.filename: _described(upload) for upload in Upload.objects.select_related("team")}


def expire_uploads() -> None:
    """Let every upload under way expire, and be cleared away."""
    Upload.objects.update(expires_at=timezone.now())
    housekeeping.abandon_uploads()


def know_languages(languages: list[str]) -> None:
    """Let the provider say what it knows."""
    ProviderAccount.objects.update(languages=languages)


def _described(upload: Upload) -> dict[str, Any]:
    fields = {name: getattr(upload, name) for name in ("offset", "length", "language", "speakers", "status")}
    fields["folder"] = upload.recording.folder.name if upload.recording and upload.recording.folder else ""
    return {**fields, "team": upload.team.slug, "sha256": _sha256(upload)}


def _sha256(upload: Upload) -> str:
    path = storage.path_of(upload.storage_name)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
