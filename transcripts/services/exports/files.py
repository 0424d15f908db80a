"""The file of an export, written by a worker that holds a lease, and removed when it expires.

It can run twice and be killed between any two lines: the file appears whole under its one name, and the row is ready
only after that.
"""

from __future__ import annotations

import logging
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F

from transcripts import access, clock, events, formats
from transcripts.formats import names
from transcripts.models import Export
from transcripts.models.choices import ExportStatus
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.transcript import exports

if TYPE_CHECKING:
    from pathlib import Path

    from transcripts.models import Transcript
    from transcripts.models.exports import ExportQuerySet

logger = logging.getLogger(__name__)

# Renewed before each transcript; the slowest takes a few seconds.
LEASE = timedelta(seconds=30)
MOST_KILLS = 3
ZIP_TYPE = "application/zip"

GONE = "A transcript of this export was deleted, or you no longer have access to it. Export the others again."
DIED = "The worker crashed several times while writing this export. Export fewer transcripts, or another format."
UNFORESEEN = "Writing this export failed for an unexpected reason. An administrator can find it in the log."
NO_SPACE = "The disk of this instance is full. Tell an administrator, and try again later."


class LostLease(Exception):
    """The export was given to another worker."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: how it is called and what is in it."""

    filename: str
    content_type: str


def run(export_id: UUID) -> None:
    """Write an export's file, unless another worker does or did."""
    now = clock.now()
    queued = Export.objects.filter(pk=export_id)
    if not queued.transition(ExportStatus.RUNNING, fence=F("fence") + 1, lease_until=now + LEASE):
        return
    export = Export.objects.select_related("requested_by").get(pk=export_id)
    try:
        _produce(export)
    except LostLease:
        logger.info("Export %s was given to another worker", export.pk)
    except Refused as refusal:
        _fail(export, str(refusal))
    except access.NotFound:
        _fail(export, GONE)
    except OSError:
        logger.exception("Export %s could not be stored", export.pk)
        _fail(export, NO_SPACE)
    except Exception:
        logger.exception("Export %s failed", export.pk)
        _fail(export, UNFORESEEN)


def queued() -> list[UUID]:
    """Ids of the exports that no worker has begun."""
    waiting = Export.objects.filter(status=ExportStatus.QUEUED).order_by("created_at")
    return list(waiting.values_list("pk", flat=True)[:100])


def recover_expired() -> None:
    """Queue exports again whose worker died; end one that killed too many."""
    lapsed = Export.objects.filter(status=ExportStatus.RUNNING, lease_until__lt=clock.now())
    for export in lapsed:
        mine = lapsed.filter(pk=export.pk, fence=export.fence)
        if export.kills + 1 < MOST_KILLS:
            mine.transition(ExportStatus.QUEUED, lease_until=None, kills=F("kills") + 1)
        else:
            _end(mine, export, ExportStatus.FAILED, error_message=DIED)


def remove_expired() -> None:
    """Remove files whose time is over, and then their rows."""
    for export in Export.objects.filter(expires_at__lt=clock.now()):
        storage.remove(export.storage_name)
        export.delete()


def _produce(export: Export) -> None:
    transcripts = access.get_transcripts(export.requested_by, [UUID(one) for one in export.transcript_ids])
    with storage.workspace() as folder:
        target = folder / "export"
        written = _write(export, transcripts, target)
        storage.require_free_space(target.stat().st_size)
        size = storage.store(target, export.storage_name)
    fields = {"filename": written.filename, "content_type": written.content_type, "bytes": size}
    if not _end(_mine(export), export, ExportStatus.READY, **fields):
        raise LostLease


def _write(export: Export, transcripts: list[Transcript], target: Path) -> Written:
    if len(transcripts) > 1:
        return _write_archive(export, transcripts, target)
    file = _rendered(export, transcripts[0])
    target.write_bytes(file.content)
    return Written(f"{names.safe(transcripts[0].recording.title)}.{file.extension}", file.content_type)


def _write_archive(export: Export, transcripts: list[Transcript], target: Path) -> Written:
    """Write a ZIP, one transcript in memory at a time."""
    titles = names.unique(transcript.recording.title for transcript in transcripts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for title, transcript in zip(titles, transcripts, strict=True):
            file = _rendered(export, transcript)
            archive.writestr(f"{title}.{file.extension}", file.content)
    return Written(f"{len(transcripts)} transcripts.zip", ZIP_TYPE)


def _rendered(export: Export, transcript: Transcript) -> formats.Rendered:
    if not _mine(export).update(lease_until=clock.now() + LEASE):
        raise LostLease
    try:
        return exports.export(transcript, export.format, export.options)
    except Refused as refusal:
        # Of many, it must be said which one
        raise Refused(refusal.code, f"{transcript.recording.title}: {refusal}") from refusal


def _mine(export: Export) -> ExportQuerySet:
    return Export.objects.filter(pk=export.pk, fence=export.fence, status=ExportStatus.RUNNING)


def _fail(export: Export, message: str) -> None:
    _end(_mine(export), export, ExportStatus.FAILED, error_message=message[:500])


@transaction.atomic
def _end(mine: ExportQuerySet, export: Export, status: ExportStatus, **fields: object) -> int:
    ended = mine.transition(status, lease_until=None, finished_at=clock.now(), **fields)
    if ended:
        events.publish_to_team("export.changed", export.team_id, export.pk)
    return ended
