"""Clearing away: unfinished uploads that expired, the bin, and files that no row names."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from transcripts import clock
from transcripts.models import MediaFile, Recording, Upload
from transcripts.models.choices import UploadStatus
from transcripts.services import recordings, storage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

# Long enough that nothing still being written is taken for an orphan.
ORPHAN_AFTER_S = 24 * 3600
KEEP_IN_BIN = timedelta(days=7)


def run() -> None:
    """Do one round."""
    abandon_uploads()
    empty_bin()
    remove_orphans()


def abandon_uploads() -> None:
    """Give up uploads that expired, and their bytes."""
    for upload in Upload.objects.filter(status=UploadStatus.RECEIVING, expires_at__lt=clock.now()):
        mine = Upload.objects.filter(pk=upload.pk, expires_at__lt=clock.now())
        if mine.transition(UploadStatus.ABANDONED):
            storage.remove(upload.storage_name)


def empty_bin() -> None:
    """Delete for good what has lain in the bin long enough."""
    for recording in Recording.objects.filter(deleted_at__lt=clock.now() - KEEP_IN_BIN):
        recordings.purge(recording)


def remove_orphans() -> None:
    """Remove stored files that no row names any more: left by a worker that died between file and row."""
    named = set(MediaFile.objects.values_list("storage_name", flat=True))
    named |= {upload.storage_name for upload in Upload.objects.filter(status=UploadStatus.RECEIVING)}
    root = storage.path_of("")
    for path in _old_files(root):
        if str(path.relative_to(root)) not in named:
            logger.info("Removing %s, which no recording names", path.name)
            path.unlink(missing_ok=True)


def _old_files(root: Path) -> Iterator[Path]:
    before = time.time() - ORPHAN_AFTER_S
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield path
