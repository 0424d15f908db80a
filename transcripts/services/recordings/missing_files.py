"""Stored files that the storage has lost, and found again."""

from __future__ import annotations

import logging

from django.db import transaction

from transcripts import clock
from transcripts.models import MediaFile
from transcripts.services import activities

logger = logging.getLogger(__name__)


@transaction.atomic
def report_missing(file: MediaFile) -> None:
    """Tell the operator, once, that the storage lost a file that someone asked for."""
    if MediaFile.objects.filter(pk=file.pk, missing_since=None).update(missing_since=clock.now()):
        logger.error("The storage lost the %s of recording %s: %s", file.kind, file.recording_id, file.storage_name)
        activities.record("recording:file_missing", file.recording, kind=file.kind)


@transaction.atomic
def report_found(file: MediaFile) -> None:
    """Take the alarm back once the file is in the storage again."""
    if MediaFile.objects.filter(pk=file.pk, missing_since__isnull=False).update(missing_since=None):
        activities.record("recording:file_found", file.recording, kind=file.kind)
