"""Bytes arriving. An upload's `offset` only ever counts bytes that are on disk.

The order of one append is: bytes written and synced, then the row. A crash between the two leaves a file longer
than the row says, and the next append cuts it back to the row.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import logging
import os
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from transcripts import clock
from transcripts.media import fingerprints
from transcripts.models import Upload
from transcripts.models.choices import UploadStatus
from transcripts.services import quotas, storage
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import selection
from transcripts.services.recordings import arrivals
from transcripts.services.transcript.imports import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol
    from uuid import UUID

    from accounts.models import Team, User

    class Readable(Protocol):
        """What bytes are read from."""

        def read(self, size: int, /) -> bytes:
            """Return up to `size` bytes, none at the end."""


logger = logging.getLogger(__name__)

EXPIRES_AFTER = timedelta(days=7)
READ_BYTES = 256 * 1024
CHECKSUMS = ("sha1", "sha256", "md5")


class UploadRefused(Refused):
    """An upload or a part of one that is not taken; nothing that was acknowledged is lost."""

    def __init__(self, message: str) -> None:
        super().__init__(self.upload_code, message)

    upload_code = "upload"


class WrongOffset(UploadRefused):
    """The part does not begin where the bytes on disk end."""

    upload_code = "upload_offset"


class TooLong(UploadRefused):
    """The part would go past the length the upload was announced with."""

    upload_code = "upload_length"


class BadChecksum(UploadRefused):
    """The part arrived changed."""

    upload_code = "upload_checksum"


class Busy(UploadRefused):
    """Another request is writing to this upload."""

    upload_code = "upload_busy"


class Gone(UploadRefused):
    """The upload expired or was cancelled."""

    upload_code = "upload_gone"


class Arrived(UploadRefused):
    """The upload is complete and belongs to a recording: it can't be cancelled any more."""

    upload_code = "upload_complete"


class TooLarge(UploadRefused):
    """The file is larger than this instance accepts."""

    upload_code = "file_too_large"


class NoRoom(UploadRefused):
    """The disk has no room for the file beside what was promised to others."""

    upload_code = "no_space"


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the sender says a part hashes to."""

    algorithm: str
    digest: bytes


def create(
    *,
    owner: User,
    team: Team,
    filename: str,
    length: int,
    language: str | None = "",
    speakers: int | None = None,
    folder: int | None = None,
    metadata: str = "",
    transcript: UUID | None = None,
) -> Upload:
    """Begin an upload of `length` bytes; `metadata` is what its sender said of it, to be told back as it came.

    Without a `language` (None) it has that of the team's defaults; an empty one has the provider detect it. A `folder`
    that the team doesn't have, any more or ever, is left out, as one is that is deleted later.

    Its bytes are reserved from now on; `transcript` is an imported file that belongs to it. Without a provider it is
    taken too, and transcribed once there is one. Raises TooLarge, NoRoom, or Refused for an unknown language, a used-up
    quota or an imported file that is gone.
    """
    if length > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES / 1024**3
        raise TooLarge(
            f"This file is larger than the {most:.3g} GB that fit here. Ask an administrator for more space."
        )
    language = selection.language_for(team.pk, language)
    name = clean_filename(filename)
    fields = {"owner": owner, "team": team, "filename": name, "language": language, "length": length}
    place = team.folders.filter(pk=folder).first() if folder else None
    fields |= {"speakers": speakers, "metadata": metadata, "folder": place}
    with quotas.one_at_a_time(team):
        quotas.refuse_upload(team, owner, length)
        _require_room(length)
        upload = Upload.objects.create(**fields, expires_at=clock.now() + EXPIRES_AFTER)
        files.attach(transcript, upload)
    # An empty file is complete as soon as it is there.
    return upload if length else append(upload, io.BytesIO(), offset=0, size=0)


def append(upload: Upload, body: Readable, *, offset: int, size: int, checksum: Checksum | None = None) -> Upload:
    """Take the next `size` bytes at most; return the upload as it is then. Raises UploadRefused.

    Everything that arrived is kept, also when the connection breaks in the middle, unless it came with a checksum
    that it does not match.
    """
    _require_open(upload)
    with _locked(upload) as file:
        _require_open(upload)
        if offset != upload.offset:
            raise WrongOffset(f"This part begins at byte {offset}, but the next one needed is {upload.offset}.")
        if offset + size > upload.length:
            raise TooLong("This part exceeds the announced length of the file. Upload the file again.")
        if upload.status == UploadStatus.COMPLETE:
            # Nothing was left to send: a client whose last answer was lost asks for it again in this way.
            return upload
        _require_bytes(upload, file)
        storage.require_free_space(size)
        file.truncate(offset)
        file.seek(offset)
        written = _write(file, body, size, checksum)
        file.flush()
        os.fsync(file.fileno())
        is_whole = offset + written == upload.length
        return _acknowledge(upload, offset + written, fingerprints.of_file(file) if is_whole else "")


def terminate(upload: Upload) -> None:
    """Give up an upload that is not complete, and its bytes. Raises Arrived for one that is."""
    if Upload.objects.filter(pk=upload.pk).transition(UploadStatus.ABANDONED):
        storage.remove(upload.storage_name)
    elif Upload.objects.filter(pk=upload.pk, status=UploadStatus.COMPLETE).exists():
        raise Arrived("This file is already uploaded. Delete its recording instead.")


def clean_filename(name: str) -> str:
    """Make what a sender calls a file fit to show: no folders, nothing invisible, at most 255 characters.

    It is never used as a name on disk.
    """
    visible = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    last = re.split(r"[/\\]", visible)[-1].strip()
    if len(last) > 255:
        suffix = PurePosixPath(last).suffix[:20]
        last = last[: 255 - len(suffix)] + suffix
    return last or "recording"


def _require_room(length: int) -> None:
    """Raise NoRoom if the file does not fit beside what other uploads under way were promised."""
    receiving = Upload.objects.filter(status=UploadStatus.RECEIVING)
    promised = receiving.aggregate(all=Sum(F("length") - F("offset")))["all"] or 0
    if length + promised > storage.free_bytes():
        raise NoRoom(
            "The server has no space for this file at the moment. "
            "Try again later, or ask an administrator to free some."
        )


def _require_open(upload: Upload) -> None:
    """Look at the upload as it is now. Raises Gone."""
    upload.refresh_from_db()
    if upload.status not in (UploadStatus.RECEIVING, UploadStatus.COMPLETE):
        raise Gone("This upload expired or was cancelled. Upload the file again.")


def _require_bytes(upload: Upload, file: IO[bytes]) -> None:
    """Go back to what is on disk if bytes were lost from it. Raises WrongOffset, and senders begin from there."""
    size = os.fstat(file.fileno()).st_size
    if size < upload.offset:
        logger.error("Upload %s lost bytes: %s of %s are on disk", upload.pk, size, upload.offset)
        Upload.objects.filter(pk=upload.pk, status=UploadStatus.RECEIVING).update(offset=size)
        raise WrongOffset(f"The storage lost part of this file; the next byte needed is {size}.")


@contextmanager
def _locked(upload: Upload) -> Iterator[IO[bytes]]:
    """Open the upload's file for this request alone. Raises Busy."""
    path = storage.path_of(upload.storage_name)
    fresh = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:  # noqa: PTH123 - a descriptor
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("Another window is sending this file at the moment.") from None
        if fresh:
            storage.sync_folder(path.parent)
        yield file


def _write(file: IO[bytes], body: Readable, size: int, checksum: Checksum | None) -> int:
    """Copy what arrives; return how many bytes. Raises BadChecksum, the file cut back."""
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    begin = file.tell()
    written = 0
    while written < size and (block := body.read(min(READ_BYTES, size - written))):
        file.write(block)
        written += len(block)
        if digest:
            digest.update(block)
    if checksum and digest and digest.digest() != checksum.digest:
        file.truncate(begin)
        raise BadChecksum("Part of the file was damaged on the way. It is sent again automatically.")
    return written


@transaction.atomic
def _acknowledge(upload: Upload, offset: int, fingerprint: str) -> Upload:
    """Count the bytes that are on disk; with the last one, the recording begins its way."""
    receiving = Upload.objects.filter(pk=upload.pk, offset=upload.offset, status=UploadStatus.RECEIVING)
    upload.offset, upload.expires_at = offset, clock.now() + EXPIRES_AFTER
    if not receiving.update(offset=offset, expires_at=upload.expires_at):
        raise Gone("This upload has expired. Upload the file again.")
    if offset == upload.length:
        arrivals.complete(upload, fingerprint)
    return upload
