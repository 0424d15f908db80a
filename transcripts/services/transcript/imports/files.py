"""Imported files: read before anything is stored, and kept until a job of their recording writes them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from transcripts import clock
from transcripts.formats import readers
from transcripts.models import ImportedFile, Upload
from transcripts.models.choices import UploadStatus
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import accounts, selection

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.document import Document
    from transcripts.models import ProcessingJob, ProviderAccount, Recording

# As long as an upload that its media may belong to
EXPIRES_AFTER = timedelta(days=7)
GONE = "This transcript was imported already, or is no longer stored. Choose the file again."


def read(content: bytes) -> Document:
    """Return the transcript of a file. Raises Refused with what is wrong with it, and in which line."""
    try:
        return readers.read(content)
    except readers.Unreadable as error:
        raise Refused("unreadable_transcript", str(error)) from error


def store(filename: str, content: bytes, *, actor: User, recording: Recording | None = None) -> ImportedFile:
    """Store a file that waits for its recording's next job, in place of one that waits; raises Refused.

    Without a recording its media is yet to be uploaded.
    """
    document = read(content)
    _remove_expired()
    if recording is not None:
        _remove_waiting(recording)
    return ImportedFile.objects.create(
        recording=recording,
        requested_by=actor,
        filename=filename[:255],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        has_times=readers.has_times(document),
    )


def assign(file: ImportedFile, recording: Recording) -> None:
    """Let a stored file wait for the next job of a recording; raises Refused if it belongs to one already."""
    _remove_waiting(recording)
    unassigned = ImportedFile.objects.filter(pk=file.pk, recording=None, upload=None)
    if not unassigned.update(recording=recording):
        raise Refused("no_import", GONE)
    file.recording = recording


def _remove_waiting(recording: Recording) -> None:
    ImportedFile.objects.filter(recording=recording, transcript=None).delete()


def _remove_expired() -> None:
    """Remove what was never uploaded with its media."""
    old = Q(upload=None, created_at__lt=clock.now() - EXPIRES_AFTER) | Q(upload__status=UploadStatus.ABANDONED)
    ImportedFile.objects.filter(old, recording=None).delete()


def attach(file_id: UUID | None, upload: Upload) -> None:
    """Say which upload a file belongs to, if any. Raises Refused if the person of the upload has no such file left."""
    if file_id is None:
        return
    mine = ImportedFile.objects.filter(pk=file_id, requested_by=upload.owner_id, recording=None, upload=None)
    if not mine.update(upload=upload):
        raise Refused("no_import", "The transcript that belongs to this file is no longer stored. Choose it again.")


def arrived(upload: Upload, recording: Recording) -> None:
    """Give a file to the recording that its upload became."""
    ImportedFile.objects.filter(upload=upload).update(recording=recording)


def waiting(recording_id: UUID) -> ImportedFile | None:
    """Return the file that the recording's next job writes."""
    return ImportedFile.objects.filter(recording=recording_id, transcript=None).first()


def waiting_for(job: ProcessingJob) -> ImportedFile | None:
    """Return the imported file that a job writes; what is compared with a transcript leaves it to the next."""
    return None if job.compares_id else waiting(job.recording_id)


def local_engine() -> ProviderAccount | None:
    """Return an account whose recogniser is on this machine."""
    return next((account for account in selection.usable() if accounts.is_on_this_machine(account)), None)


def is_recognised(file: ImportedFile, account: ProviderAccount) -> bool:
    """Tell whether the audio is transcribed to find the times of a file: on this machine alone, if it has none."""
    return not file.has_times and accounts.is_on_this_machine(account)
