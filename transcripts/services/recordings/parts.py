"""Parts of uploads arriving. An upload's `offset` only ever counts bytes that are on disk.

A part is written as it arrives, and counted several times on its way: bytes written and synced, then the row. A crash
between the two leaves a file longer than the row says, and the next part cuts it back to the row.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Protocol, runtime_checkable

from django.db import connection, transaction

from transcripts import clock
from transcripts.media import fingerprints
from transcripts.models import Upload
from transcripts.models.choices import UploadStatus
from transcripts.services import storage
from transcripts.services.recordings import arrivals
from transcripts.services.recordings.upload_refusals import BadChecksum, Busy, Gone, TooLong, TooMany, WrongOffset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    Permission = Callable[[], object]

logger = logging.getLogger(__name__)

EXPIRES_AFTER = timedelta(days=7)
READ_BYTES = 256 * 1024
CHECKSUMS = ("sha1", "sha256", "md5")
FLUSH_BYTES = 1024 * 1024
# What has arrived is counted after so many bytes or seconds: no more of it is lost if this process is killed
COUNT_BYTES, COUNT_S = 32 * 1024 * 1024, 2.0
# Parts of one person that this process receives at once
MOST_AT_ONCE = 24
# How long the holder of an upload may need to let go of it
RELEASED_WITHIN_S = 3.0


class Source(Protocol):
    """What a part is read from."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Return how many bytes came into the buffer, 0 at the end, None if there were none for a while."""


@runtime_checkable
class Interruptible(Protocol):
    """A source whose sender may have gone without a word."""

    def is_idle(self) -> bool:
        """Return whether it has been silent for long."""

    def stop(self) -> None:
        """Let the reader find its end."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the sender says a part hashes to."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class _Holder:
    """A part that is being received by this process."""

    source: Source
    owner: int
    released: threading.Event = field(default_factory=threading.Event)


_holders: dict[UUID, _Holder] = {}


def append(
    upload: Upload,
    source: Source,
    *,
    offset: int,
    size: int,
    checksum: Checksum | None = None,
    permission: Permission = bool,
) -> Upload:
    """Take the next `size` bytes at most; return the upload as it is then. Raises UploadRefused.

    Everything that arrived is kept, also when the connection breaks in the middle, unless it came with a checksum
    that it does not match. `permission` raises if the sender has lost it in the meantime: a part can take hours.
    """
    _require_open(upload)
    _take_over(upload)
    with _locked(upload) as file, _holding(upload, source):
        upload.refresh_from_db()
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
        _release_connection()
        return _Part(upload, file, checksum, permission).receive(source, size)


class _Part:
    """A part on its way into the file of its upload."""

    def __init__(self, upload: Upload, file: IO[bytes], checksum: Checksum | None, permission: Permission) -> None:
        self.upload, self.file, self.checksum, self.permission = upload, file, checksum, permission
        self.digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
        self.end = self.flushed = upload.offset
        self.began_at = self.counted_at = time.monotonic()

    def receive(self, source: Source, size: int) -> Upload:
        """Write what arrives; return the upload with all of it counted. Raises BadChecksum, the file cut back."""
        last = self.end + size
        buffer = memoryview(bytearray(min(READ_BYTES, size)))
        try:
            while self.end < last and (came := source.readinto(buffer[: last - self.end])) != 0:
                self._write(buffer[: came or 0])
                if self.end < last and self._is_due(is_silent=came is None):
                    self.permission()
                    storage.require_free_space()
                    self._count()
        except OSError:
            self._count()  # what was written before the disk was full
            raise
        self._verify()
        return self._finish()

    def _write(self, data: memoryview) -> None:
        if self.digest:
            self.digest.update(data)
        while data:
            written = os.pwrite(self.file.fileno(), data, self.end)
            self.end += written
            data = data[written:]
        if self.end - self.flushed >= FLUSH_BYTES:
            self._begin_flushing()

    def _begin_flushing(self) -> None:
        """Let the disk begin with what is written, so that little is left to wait for at the end."""
        os.posix_fadvise(self.file.fileno(), self.flushed, self.end - self.flushed, os.POSIX_FADV_DONTNEED)
        self.flushed = self.end

    def _is_due(self, *, is_silent: bool) -> bool:
        """Whether to count what came: before its checksum is known, a part can't be counted."""
        waiting = self.end - self.upload.offset
        is_long_ago = time.monotonic() - self.counted_at >= COUNT_S
        return bool(waiting) and (waiting >= COUNT_BYTES or is_silent or is_long_ago)

    def _count(self) -> None:
        self.counted_at = time.monotonic()
        if self.checksum is None and self.end > self.upload.offset:
            os.fdatasync(self.file.fileno())
            self.upload = _acknowledge(self.upload, self.end)
            _release_connection()

    def _verify(self) -> None:
        if self.checksum and self.digest and self.digest.digest() != self.checksum.digest:
            self.file.truncate(self.upload.offset)
            raise BadChecksum("Part of the file was damaged on the way. It is sent again automatically.")

    def _finish(self) -> Upload:
        if self.end == self.upload.offset < self.upload.length:
            return self.upload
        if time.monotonic() - self.began_at >= COUNT_S:
            self.permission()
        os.fdatasync(self.file.fileno())
        is_whole = self.end == self.upload.length
        return _acknowledge(self.upload, self.end, fingerprints.of_file(self.file) if is_whole else "")


def _require_open(upload: Upload) -> None:
    if upload.status not in (UploadStatus.RECEIVING, UploadStatus.COMPLETE):
        raise Gone("This upload expired or was cancelled. Upload the file again.")


def _require_bytes(upload: Upload, file: IO[bytes]) -> None:
    """Go back to what is on disk if bytes were lost from it. Raises WrongOffset, and senders begin from there."""
    size = os.fstat(file.fileno()).st_size
    if size < upload.offset:
        logger.error("Upload %s lost bytes: %s of %s are on disk", upload.pk, size, upload.offset)
        Upload.objects.filter(pk=upload.pk, status=UploadStatus.RECEIVING).update(offset=size)
        raise WrongOffset(f"The storage lost part of this file; the next byte needed is {size}.")


def _take_over(upload: Upload) -> None:
    """End a part of this upload whose sender is silent: its connection may have broken without a word."""
    holder = _holders.get(upload.pk)
    if holder and isinstance(holder.source, Interruptible) and holder.source.is_idle():
        holder.source.stop()
        holder.released.wait(RELEASED_WITHIN_S)


@contextmanager
def _holding(upload: Upload, source: Source) -> Iterator[None]:
    """Be the one who receives this upload. Raises TooMany."""
    if sum(holder.owner == upload.owner_id for holder in list(_holders.values())) >= MOST_AT_ONCE:
        raise TooMany(f"You are sending {MOST_AT_ONCE} files at the same time. Wait until one of them has arrived.")
    holder = _holders[upload.pk] = _Holder(source, upload.owner_id)
    try:
        yield
    finally:
        del _holders[upload.pk]
        holder.released.set()


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


def _release_connection() -> None:
    """Give the database connection back while bytes arrive: a PostgreSQL server has few."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


@transaction.atomic
def _acknowledge(upload: Upload, offset: int, fingerprint: str = "") -> Upload:
    """Count the bytes that are on disk; with the last one, the recording begins its way."""
    receiving = Upload.objects.filter(pk=upload.pk, offset=upload.offset, status=UploadStatus.RECEIVING)
    upload.offset, upload.expires_at = offset, clock.now() + EXPIRES_AFTER
    if not receiving.update(offset=offset, expires_at=upload.expires_at):
        raise Gone("This upload has expired. Upload the file again.")
    if offset == upload.length:
        arrivals.complete(upload, fingerprint)
    return upload
