"""A session's sound on disk: short pieces, each named by its first frame, in the storage that all hosts share.

Frames are numbered by the browser, so the same frame is the same bytes whoever writes it: two pieces that overlap
because a session was taken over hold the same sound there, and reading takes whichever it meets first. A piece that a
crash cut in the middle of a frame counts up to its last whole one. Nothing here asks a database: the folder is the
truth about which frames are safe.
"""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts.services import storage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from transcripts.models.live import LiveSession

# A new piece begins after this many frames: ten seconds at a tenth of a second each.
FRAMES_A_PIECE = 100


# What a storage answers that has no room left, for whatever reason.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sentence_of(error: OSError) -> str:
    """Say what it means to whoever speaks that a frame could not be written."""
    if error.errno in NO_ROOM:
        return (
            "The server’s disk is full. What you say is kept in this browser and sent again until there is room: keep "
            "this page open and ask an administrator to make some."
        )
    return (
        "The server cannot write what you say. It is kept in this browser and sent again: keep this page open and tell "
        "an administrator."
    )


class WrongFrame(Exception):
    """A frame that does not follow the last; `wanted` is the number that would."""

    def __init__(self, wanted: int) -> None:
        super().__init__(f"The next frame is number {wanted}.")
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the session's sound, from frame `first` up to `end`, which is not in it."""

    path: Path
    first: int
    end: int


def folder_of(session_id: UUID) -> Path:
    """Where the session's pieces lie."""
    return storage.path_of(f"live/{session_id}")


def pieces(session: LiveSession) -> list[Piece]:
    """The session's pieces in the order of their first frames."""
    found = (_piece(path, session.frame_bytes) for path in folder_of(session.pk).glob("*.pcm"))
    return sorted(found, key=lambda piece: (piece.first, piece.end))


def _piece(path: Path, frame_bytes: int) -> Piece:
    first = int(path.name.partition("-")[0])
    return Piece(path, first, first + path.stat().st_size // frame_bytes)


def safe_frames(session: LiveSession) -> int:
    """How many frames from the beginning are on disk without a gap."""
    safe = 0
    for piece in pieces(session):
        if piece.first > safe:
            break
        safe = max(safe, piece.end)
    return safe


def read(session: LiveSession, first: int, end: int) -> Iterator[bytes]:
    """Read the frames from `first` up to `end`, which must be safe, a piece at a time."""
    for piece in pieces(session):
        if piece.first <= first < min(piece.end, end):
            stop = min(piece.end, end)
            with piece.path.open("rb") as file:
                file.seek((first - piece.first) * session.frame_bytes)
                yield file.read((stop - first) * session.frame_bytes)
            first = stop


def read_ms(session: LiveSession, from_ms: int, until_ms: int) -> bytes:
    """Read the sound between two moments of the session, silence where there is none."""
    first, end = (2 * session.rate_hz * ms // 1000 for ms in (from_ms, until_ms))
    size = session.frame_bytes
    sound = b"".join(read(session, first // size, -(-end // size)))
    return sound[first % size :][: end - first].ljust(end - first, b"\0")


class Writer:
    """Writes a session's frames in their order, for one holder of it.

    A frame counts as safe once the operating system has it: it outlives this process. `sync` makes what was written
    outlive a power cut as well, up to the frame `synced`; like `close` it waits for the disk and belongs in a thread.
    """

    def __init__(self, session: LiveSession) -> None:
        self.folder = folder_of(session.pk)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.frame_bytes, self.fence = session.frame_bytes, session.fence
        self.wanted = safe_frames(session)
        self._first = self.wanted
        self.synced = 0
        self._file: int | None = None
        # Pieces that are full, and those of other holders, until the disk is known to have them
        self._full: list[int] = []
        self._others = [piece.path for piece in pieces(session)]
        self._waiting = threading.Lock()

    def write(self, number: int, frame: bytes) -> None:
        """Write the next frame. One that is safe already is passed over. Raises WrongFrame, ValueError or OSError."""
        if len(frame) != self.frame_bytes:
            raise ValueError(f"A frame has {self.frame_bytes} bytes.")
        if number < self.wanted:
            return
        if number > self.wanted:
            raise WrongFrame(self.wanted)
        file = self._open()
        place = (number - self._first) * self.frame_bytes
        written = os.pwrite(file, frame, place)
        if written != self.frame_bytes:
            # A disk that filled up in the middle of the frame; the frame stays unacknowledged.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.wanted += 1

    def sync(self) -> None:
        """Make what was written survive a power cut."""
        with self._waiting:
            # In this order, because frames go on being written meanwhile, into the next piece perhaps
            wanted, file = self.wanted, self._file
            while self._others:
                _sync_piece(self._others.pop())
            while self._full:
                full = self._full.pop()
                os.fsync(full)
                os.close(full)
                file = None if full == file else file
            if file is not None:
                os.fsync(file)
            self.synced = wanted

    def close(self) -> None:
        """Sync and let go."""
        self.sync()
        with self._waiting:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _open(self) -> int:
        if self._file is not None and self.wanted - self._first < FRAMES_A_PIECE:
            return self._file
        if self._file is not None:
            self._full.append(self._file)
        self._first = self.wanted
        # The fence keeps two holders from writing to one file, should the first still believe it is one.
        path = self.folder / f"{self._first:010}-{self.fence}.pcm"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return self._file


def _sync_piece(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
