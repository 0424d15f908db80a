"""A session's audio on disk: short pieces, each named by its first frame, in the storage that all hosts share.

Frames are numbered by the browser, so the same frame is the same bytes from every writer: two pieces that overlap
because a session was taken over hold the same audio there, and reading takes whichever it meets first. A piece that a
crash cut in the middle of a frame counts up to its last whole one. Nothing here asks a database: the folder is the
truth about which frames are safe.

A long session has thousands of pieces, so a holder doesn't list them to find the end. Each holder keeps a tail file
that names one of its pieces; everything before that piece is complete and synced. The next holder starts there.
"""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from transcripts.services import storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from transcripts.models.live import LiveSession

# A new piece begins after this many frames: ten seconds at a tenth of a second each.
FRAMES_A_PIECE = 100


# What a storage answers that has no room left, for whatever reason.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sentence_of(error: OSError) -> str:
    """Word for the person who records that a frame could not be stored."""
    if error.errno in NO_ROOM:
        return (
            "The server’s disk is full. Your audio is saved in this browser and will be sent when there is space: keep "
            "this page open, and ask an administrator to free some."
        )
    return (
        "The server can’t store your audio. It is saved in this browser and will be sent again: keep this page open, "
        "and tell an administrator."
    )


class WrongFrame(Exception):
    """A frame that does not follow the last; `wanted` is the number that would."""

    def __init__(self, wanted: int) -> None:
        super().__init__(f"The next frame is number {wanted}.")
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the session's audio, from frame `first` up to `end`, which is not in it."""

    path: Path
    first: int
    end: int


def folder_of(session_id: UUID) -> Path:
    """The folder of the session's pieces."""
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


def reached(session: LiveSession) -> tuple[int, list[Path]]:
    """Return how many frames are on disk without a gap, and the last pieces, which may not be synced.

    Starts at the newest tail file, so the cost doesn't grow with the session. Lists the folder if there is none.
    """
    folder, size = folder_of(session.pk), session.frame_bytes
    tail = _newest_tail(folder, session.fence)
    if tail is None:
        return safe_frames(session), [piece.path for piece in pieces(session)]
    (first, fence), paths = tail, []
    end = first
    while (path := _path_of(folder, first, fence)).exists():
        paths.append(path)
        end = first + path.stat().st_size // size
        if end - first < FRAMES_A_PIECE:
            break
        first = end
    return end, paths


def _newest_tail(folder: Path, fence: int) -> tuple[int, int] | None:
    """Return the first frame and the fence of the piece that the newest tail file names; None if it can't be read."""
    for older in range(fence, -1, -1):
        try:
            return int((folder / f"tail-{older}").read_text()), older
        except FileNotFoundError:
            continue
        except ValueError:
            return None
    return None


def _path_of(folder: Path, first: int, fence: int) -> Path:
    # The fence keeps two holders from writing to one file, should the first still believe it is one.
    return folder / f"{first:010}-{fence}.pcm"


def read(session: LiveSession, first: int, end: int, among: Sequence[Piece] | None = None) -> Iterator[bytes]:
    """Read the frames from `first` up to `end`, which must be safe, a piece at a time; from `among` if it is given."""
    for piece in pieces(session) if among is None else among:
        if piece.first <= first < min(piece.end, end):
            stop = min(piece.end, end)
            with piece.path.open("rb") as file:
                file.seek((first - piece.first) * session.frame_bytes)
                yield file.read((stop - first) * session.frame_bytes)
            first = stop


class Writer:
    """Writes a session's frames in their order, for one holder of it.

    A frame counts as safe once the operating system has it: it outlives this process. `sync` makes what was written
    outlive a power cut as well, up to the frame `synced`. Everything but `write` waits for the disk and belongs in a
    thread; so does `write` while `needs_piece`, unless `open_piece` was called before.
    """

    def __init__(self, session: LiveSession) -> None:
        self.session, self.folder = session, folder_of(session.pk)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.frame_bytes, self.fence = session.frame_bytes, session.fence
        # Pieces that are full, and those of other holders, until the disk is known to have them
        self.wanted, self._others = reached(session)
        self._full: list[int] = []
        self._first = self._begin = self.wanted
        self._tail = -1
        self.synced = 0
        self._file: int | None = None
        self._waiting = threading.Lock()

    @property
    def needs_piece(self) -> bool:
        """Whether the next frame begins a new piece."""
        return self._file is None or self.wanted - self._first >= FRAMES_A_PIECE

    def write(self, number: int, frame: bytes) -> None:
        """Write the next frame. One that is safe already is passed over. Raises WrongFrame, ValueError or OSError."""
        if len(frame) != self.frame_bytes:
            raise ValueError(f"A frame has {self.frame_bytes} bytes.")
        if number < self.wanted:
            return
        if number > self.wanted:
            raise WrongFrame(self.wanted)
        file = self._file
        if file is None or self.needs_piece:
            file = self.open_piece()
        place = (number - self._first) * self.frame_bytes
        written = os.pwrite(file, frame, place)
        if written != self.frame_bytes:
            # A disk that filled up in the middle of the frame; the frame stays unacknowledged.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.wanted += 1

    def open_piece(self) -> int:
        """Open the piece that the next frame begins. Raises OSError."""
        first = self.wanted
        if self._tail < 0:
            with self._waiting:
                self._sync_others()
            self._note_tail(first)
        file = os.open(_path_of(self.folder, first, self.fence), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        if self._file is not None:
            self._full.append(self._file)
        self._first, self._file = first, file
        return file

    def sync(self) -> None:
        """Make what was written survive a power cut."""
        with self._waiting:
            # In this order, because frames are still being written, perhaps into the next piece
            wanted, first, file = self.wanted, self._first, self._file
            self._sync_others()
            while self._full:
                full = self._full.pop()
                os.fsync(full)
                os.close(full)
                file = None if full == file else file
            if file is not None:
                os.fsync(file)
            self.synced = wanted
            if 0 <= self._tail < first:
                self._note_tail(first)

    def close(self) -> None:
        """Sync and let go."""
        self.sync()
        with self._waiting:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def read_ms(self, from_ms: int, until_ms: int) -> bytes:
        """Read the audio between two moments of the session, silence if there is none."""
        first, end = (2 * self.session.rate_hz * ms // 1000 for ms in (from_ms, until_ms))
        size = self.frame_bytes
        frames = first // size, -(-end // size)
        sound = b"".join(read(self.session, *frames, among=self._pieces(*frames)))
        return sound[first % size :][: end - first].ljust(end - first, b"\0")

    def _pieces(self, first: int, end: int) -> list[Piece]:
        """The pieces that hold these frames. Those of this holder are known without a look at the folder."""
        earlier = self._earlier if first < self._begin else []
        wanted = self.wanted
        skipped = max(0, first - self._begin) // FRAMES_A_PIECE * FRAMES_A_PIECE
        firsts = range(self._begin + skipped, min(end, wanted), FRAMES_A_PIECE)
        mine = [Piece(_path_of(self.folder, at, self.fence), at, min(at + FRAMES_A_PIECE, wanted)) for at in firsts]
        return [*earlier, *mine]

    @cached_property
    def _earlier(self) -> list[Piece]:
        """The pieces of holders before this one, listed once: nothing is added to them that this one needs."""
        return [piece for piece in pieces(self.session) if piece.first < self._begin]

    def _sync_others(self) -> None:
        while self._others:
            _sync_path(self._others[-1])
            self._others.pop()

    def _note_tail(self, first: int) -> None:
        """Let the next holder start at this piece: everything before it is synced."""
        target, fresh = self.folder / f"tail-{self.fence}", self.folder / f"tail-{self.fence}.new"
        fresh.write_text(str(first))
        _sync_path(fresh)
        fresh.replace(target)
        _sync_path(self.folder)
        self._tail = first


def _sync_path(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
