"""A transcript that someone already has becomes the newest one of a recording; the earlier ones stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.models.choices import OPEN_LIVE
from transcripts.services.errors import Refused
from transcripts.services.pipeline import jobs
from transcripts.services.pipeline.retranscription import STILL_LIVE
from transcripts.services.recordings.uploads import clean_filename
from transcripts.services.transcript.imports import files, writer

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import ImportedFile, Recording, Transcript


def import_transcript(recording: Recording, *, filename: str, content: bytes, actor: User) -> Transcript | None:
    """Write the transcript of a file; None if a job does it, because its times are to be found in the audio first.

    Raises Refused if the file can't be read, while the recording is live, and while another job of it runs.
    """
    files.read(content)
    _require_quiet(recording)
    said = writer.spoken(content, recording)
    with transaction.atomic():
        file = files.store(clean_filename(filename), content, actor=actor, recording=recording)
        return _write(file, recording, said, actor)


def import_stored(file: ImportedFile, recording: Recording, *, actor: User) -> Transcript | None:
    """Write the transcript of a file that was stored before it was known to which recording it belongs.

    Raises like `import_transcript`, and if the file belongs to a recording by now.
    """
    _require_quiet(recording)
    said = writer.spoken(bytes(file.content), recording)
    with transaction.atomic():
        files.assign(file, recording)
        return _write(file, recording, said, actor)


def _require_quiet(recording: Recording) -> None:
    """Raise Refused while the recording is live or transcribed."""
    session = getattr(recording, "live_session", None)
    if session is not None and session.status in OPEN_LIVE:
        raise Refused("still_live", STILL_LIVE)
    if recording.jobs.filter(finished_at=None).exists():
        raise Refused("job_running", jobs.RUNS_ALREADY)


def _write(file: ImportedFile, recording: Recording, said: writer.Said, actor: User) -> Transcript | None:
    if recording.duration_ms is not None and (file.has_times or files.local_engine() is None):
        return writer.write(file, recording, said)
    jobs.start(recording, actor=actor, language=recording.language)
    return None
