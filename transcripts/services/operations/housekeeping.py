"""Removal of what is no longer needed: expired uploads and exports, what teams no longer keep, old trash, mail and
activities, unused templates, closed accounts, and files that no row names.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.mail import delivery
from transcripts import clock, queue
from transcripts.models import MediaFile, PurgedRecording, Recording, Upload
from transcripts.models.choices import UploadStatus
from transcripts.services import activities, notifications, storage, templates
from transcripts.services.bulk import acts
from transcripts.services.exports import account_data, files
from transcripts.services.live import lifecycle, sealing
from transcripts.services.operations import closed_accounts
from transcripts.services.recordings import known_files, retention, trash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logger = logging.getLogger(__name__)

# Long enough that nothing still being written is taken for an orphan.
ORPHAN_AFTER_S = 24 * 3600
# So many files are looked up per query: a storage may hold millions.
BATCH = 500


def run() -> None:
    """Do one round."""
    abandon_uploads()
    lifecycle.finish_forgotten()
    retention.run()
    empty_trash()
    remove_orphans()
    sealing.clear_sealed()
    files.remove_expired()
    acts.remove_old()
    templates.remove_unused()
    activities.remove_old()
    notifications.send_digests()
    notifications.remove_old()
    account_data.remove_expired()
    closed_accounts.erase_due()
    delivery.remove_old()
    known_files.fill_in()
    queue.wake_round("accuracy_round")


def abandon_uploads() -> None:
    """Give up uploads that expired, and their bytes."""
    for upload in Upload.objects.filter(status=UploadStatus.RECEIVING, expires_at__lt=clock.now()):
        mine = Upload.objects.filter(pk=upload.pk, expires_at__lt=clock.now())
        if mine.transition(UploadStatus.ABANDONED):
            storage.remove(upload.storage_name)


def empty_trash() -> None:
    """Delete permanently what has been in the trash long enough."""
    for recording in Recording.objects.filter(deleted_at__lt=clock.now() - trash.KEPT):
        trash.purge(recording)


def remove_orphans() -> None:
    """Remove what was left by a worker that died between file and row, or by a purge that was cut off.

    Only files of which these rows know the owner are touched, so that an instance started with another or an empty
    database leaves a storage whole.
    """
    old = _old_files(storage.path_of(""))
    while names := set(islice(old, BATCH)):
        for name in _ours(names) - _wanted(names):
            logger.info("Removing %s, which nothing needs any more", name)
            storage.remove(name)


def _ours(names: set[str]) -> set[str]:
    """Those whose upload or recording these rows know, or knew before it was purged, and what lay on workbenches."""
    owners = {name: owner for name in names if (owner := _owner(name))}
    known = set(Upload.objects.filter(pk__in=owners.values()).values_list("pk", flat=True))
    known |= set(Recording.objects.filter(pk__in=owners.values()).values_list("pk", flat=True))
    purged = PurgedRecording.objects.filter(pk__in=owners.values())
    known |= set(purged.values_list("pk", flat=True))
    return {name for name in names if owners.get(name) in known or name.startswith(f"{storage.WORKSPACES}/")}


def _wanted(names: set[str]) -> set[str]:
    """Those that a recording has or that an open upload needs."""
    files = MediaFile.objects.filter(storage_name__in=names)
    owners = [owner for name in names if (owner := _owner(name))]
    receiving = Upload.objects.filter(status=UploadStatus.RECEIVING, pk__in=owners)
    return {*files.values_list("storage_name", flat=True), *(upload.storage_name for upload in receiving)}


def _owner(name: str) -> UUID | None:
    """The upload or recording whose id a name such as `originals/ID` or `derived/ID/FILE` holds."""
    try:
        return UUID(name.split("/")[1])
    except (IndexError, ValueError):
        return None


def _old_files(root: Path) -> Iterator[str]:
    before = time.time() - ORPHAN_AFTER_S
    for path in root.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < before:
                yield str(path.relative_to(root))
