"""A file on its way in: looked up first, then sent in parts, by one terminal at a time.

What was done is known from the database alone: a terminal that is killed leaves at most an upload that isn't complete,
which the next one that sends the same file gives up and begins again.
"""

from __future__ import annotations

import base64
import fcntl
import os
from contextlib import contextmanager, suppress
from filecmp import cmp
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction

from transcripts import access
from transcripts.media import fingerprints
from transcripts.models import MediaFile, Recording, Upload
from transcripts.models.choices import MediaKind, UploadStatus
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.library import tags
from transcripts.services.recordings import parts, uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader
    from pathlib import Path
    from uuid import UUID

    from transcripts.management.transcribe.arguments import Order

PART_BYTES = 8 * 1024 * 1024


class Changed(Exception):
    """The file is being written to: what was sent of it is given up."""


class Stamp(NamedTuple):
    """By what a change of a file is noticed without reading it."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int


def stamp_of(path: Path) -> Stamp:
    """Return what the file is now. Raises OSError."""
    now = path.stat()
    return Stamp(now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


def fingerprint_of(path: Path, *, is_found: bool = False) -> str:
    """Return what the file is recognised by; one that `is_found` must be no link. Raises OSError."""
    with _opened(path, is_found=is_found) as file:
        return fingerprints.of_file(file)


def _opened(path: Path, *, is_found: bool) -> BufferedReader:
    return open(os.open(path, os.O_RDONLY | (os.O_NOFOLLOW if is_found else 0)), "rb")  # noqa: PTH123 - of a descriptor


@contextmanager
def alone_with(fingerprint: str) -> Iterator[bool]:
    """Hold the files of this fingerprint for this terminal; False if another holds them. Its death releases them.

    Of 256 locks each is for many fingerprints, so that none has to be removed.
    """
    folder = settings.DATA_DIR / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"sending-{fingerprint[:2]}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def same_file(order: Order, path: Path, fingerprint: str) -> Recording | None:
    """Return the team's recording of exactly these bytes, one in the trash for want of others."""
    for in_trash in (False, True):
        seen = access.recordings_of(order.person, in_trash=in_trash).filter(team=order.team)
        same = MediaFile.objects.filter(kind=MediaKind.ORIGINAL, fingerprint=fingerprint, recording__in=seen)
        # One that has a transcript before one that hasn't, and the newest of these
        for original in sorted(same.select_related("recording"), key=_order):
            with suppress(OSError):
                if cmp(path, storage.path_of(original.storage_name), shallow=False):
                    return original.recording
    return None


def _order(original: MediaFile) -> tuple[bool, int]:
    return original.recording.latest_transcript_id is None, -original.pk


def begin(order: Order, path: Path, length: int, *, fingerprint: str = "", transcript: UUID | None = None) -> Upload:
    """Begin to send a file, and give up what an earlier terminal began of it. Raises Refused."""
    metadata = f"fingerprint {base64.b64encode(fingerprint.encode()).decode()}" if fingerprint else ""
    if metadata:
        mine = Upload.objects.filter(owner=order.person, team=order.team, status=UploadStatus.RECEIVING)
        for earlier in mine.filter(metadata=metadata):
            uploads.terminate(earlier)
    return uploads.create(
        owner=order.person,
        team=order.team,
        filename=path.name,
        length=length,
        language=order.language,
        wishes=order.wishes,
        folder=order.folder,
        metadata=metadata,
        transcript=transcript,
    )


def send(upload: Upload, path: Path, told: Callable[[int], object], *, is_found: bool = False) -> UUID:
    """Send the bytes; return the recording. `told` is told how many are there; what `is_found` must be no link.

    Raises Changed, OSError and Refused.
    """
    before = stamp_of(path)
    with _opened(path, is_found=is_found) as file:
        while upload.recording_id is None:
            told(upload.offset)
            size = min(PART_BYTES, upload.length - upload.offset)
            if stamp_of(path) != before or before.size != upload.length:
                uploads.terminate(upload)
                raise Changed
            upload = parts.append(upload, file, offset=upload.offset, size=size)
    return upload.recording_id


@transaction.atomic
def add_tags(order: Order, recording: Recording) -> None:
    """Mark a recording with the tags that were asked for, beside those it has. Raises Refused."""
    if order.tags:
        names = list(recording.tags.values_list("name", flat=True))
        tags.set_tags(recording, [*names, *order.tags], actor=order.person)


def is_known(order: Order, path: Path, fingerprint: str) -> Recording | None:
    """Return the recording that makes sending the file needless. Raises Refused if it is in the trash."""
    if order.is_again:
        return None
    found = same_file(order, path, fingerprint)
    if found is not None and found.deleted_at:
        raise Refused("in_trash", "This file’s recording is in the trash. Restore it, or send the file with --again.")
    return found
