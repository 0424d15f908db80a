"""One file, sent through the same pipeline as the pages do; its transcript is returned to be printed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.db import OperationalError, connection

from transcripts.formats import readers
from transcripts.management.terminal import ProgressBar
from transcripts.management.transcribe import arguments
from transcripts.management.transcribe.sending import Changed, begin, send
from transcripts.management.transcribe.words import CHANGED, DOUBT, STOPPED, UNREACHABLE
from transcripts.models import ProcessingJob, Transcript
from transcripts.models.choices import JobStatus, Stage
from transcripts.services import notices
from transcripts.services.errors import Refused
from transcripts.services.operations import conductor
from transcripts.services.recordings import uploads
from transcripts.services.transcript import exports, language
from transcripts.services.transcript.imports import files as imported_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from uuid import UUID

    from accounts.models import User

LOOK_EVERY_S = 0.3
JOB_FAILED = 1


def transcribe(path: Path, options: Mapping[str, Any]) -> Transcript:
    """Send a file and wait for its transcript."""
    bar = ProgressBar()
    try:
        length = arguments.length_of(path)
        words = _transcript_of(options["transcript"])
        arguments.require_instance()
        job = _wait(_send(path, length, bar, options, words), bar)
    except KeyboardInterrupt:
        bar.done()
        raise CommandError(
            "Stopped waiting. The transcription continues; find it in the library.", returncode=130
        ) from None
    finally:
        bar.done()
    if job.status != JobStatus.SUCCEEDED:
        raise CommandError(job.error_message or "The job was cancelled.", returncode=JOB_FAILED)
    return Transcript.objects.select_related("recording__team").get(job=job)


def remarks(transcript: Transcript) -> Iterator[str]:
    """Return what a person should know of a transcript."""
    yield from notices.messages(transcript.recording)
    if language.is_doubtful(transcript):
        yield DOUBT.format(language=transcript.language, sure=f"{transcript.language_probability:.0%}")


def exported(transcript: Transcript, format: str, options: Mapping[str, str]) -> bytes:
    """Return the transcript as a file's content."""
    try:
        return exports.export(transcript, format, options).content
    except Refused as error:
        raise CommandError(str(error), returncode=JOB_FAILED) from error


def _transcript_of(path: Path | None) -> bytes | None:
    """Read a transcript to import, and refuse what is none before anything is sent."""
    if path is None:
        return None
    if arguments.length_of(path) > readers.MOST_BYTES:
        arguments.refuse(f"{path} is larger than 8 MB. A transcript is smaller.")
    content = path.read_bytes()
    try:
        imported_files.read(content)
    except Refused as error:
        arguments.refuse(f"{path}: {error}")
    return content


def _send(path: Path, length: int, bar: ProgressBar, options: Mapping[str, Any], words: bytes | None) -> UUID:
    """Bring the file in as an upload, in parts, with the transcript that belongs to it."""
    order = arguments.order_of(options, needs_provider=words is None)
    try:
        transcript = _stored(options["transcript"], words, order.person)
        upload = begin(order, path, length, transcript=transcript)
        return send(upload, path, lambda sent: bar.show("Uploading", sent * 100 // length))
    except Changed:
        arguments.refuse(CHANGED)
    except Refused as error:
        arguments.refuse(str(error))


def _stored(path: Path | None, content: bytes | None, person: User) -> UUID | None:
    if path is None or content is None:
        return None
    return imported_files.store(uploads.clean_filename(path.name), content, actor=person).pk


def _wait(recording_id: UUID, bar: ProgressBar) -> ProcessingJob:
    """Watch the job to its end; an instance or a database that is away is waited for, and said to be away."""
    while True:
        try:
            job = ProcessingJob.objects.filter(recording_id=recording_id).latest("created_at")
            if not job.is_active:
                return job
            if conductor.is_working():
                bar.show(Stage(job.stage).label, job.progress)
            else:
                bar.show(STOPPED)
        except OperationalError:
            bar.show(UNREACHABLE)
            connection.close()
        time.sleep(LOOK_EVERY_S)
