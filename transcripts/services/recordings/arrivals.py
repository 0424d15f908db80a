"""The recording of an upload that is complete."""

from __future__ import annotations

from transcripts import events
from transcripts.models import MediaFile, Recording, Upload
from transcripts.models.choices import MediaKind, UploadStatus
from transcripts.services import activities
from transcripts.services.pipeline import jobs
from transcripts.services.transcript.imports import files


def complete(upload: Upload, fingerprint: str) -> None:
    """Make the recording of a complete upload; call it in one transaction with its last byte."""
    title = upload.filename.rpartition(".")[0].strip() or upload.filename
    facts = {"team_id": upload.team_id, "owner_id": upload.owner_id, "filename": upload.filename}
    facts["folder_id"] = upload.folder_id
    recording = Recording.objects.create(**facts, title=title, language=upload.language)
    Upload.objects.filter(pk=upload.pk).transition(UploadStatus.COMPLETE, recording=recording)
    upload.status, upload.recording = UploadStatus.COMPLETE, recording
    MediaFile.objects.create(
        recording=recording,
        kind=MediaKind.ORIGINAL,
        storage_name=upload.storage_name,
        bytes=upload.length,
        fingerprint=fingerprint,
    )
    files.arrived(upload, recording)
    activities.record("recording:uploaded", recording, actor=upload.owner, bytes=upload.length)
    jobs.begin_or_wait(recording, wishes=upload.wishes)
    events.publish("recording.created", recording)
