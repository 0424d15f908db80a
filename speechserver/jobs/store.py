"""The accepted jobs, stored so that they survive a restart and a kill -9."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from speechserver.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    filename TEXT NOT NULL,
    language TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'completed', 'failed')),
    accepted_at REAL NOT NULL,
    answer TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS jobs_waiting ON jobs (number) WHERE state = 'waiting';
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted upload. `owner` is a fingerprint of the key.

    `state` is `waiting` until there is an answer, also while it is transcribed: a restart begins again.
    """

    id: str
    owner: str
    filename: str
    options: Options = field(default_factory=Options)
    state: str = "waiting"
    answer: dict[str, Any] = field(default_factory=dict)


def new_id() -> str:
    """Return an opaque id that can't be guessed."""
    return secrets.token_urlsafe(16)


class JobStore:
    """A SQLite file and a folder of audio below `folder`. Calls block for a disk write; use a thread.

    Raises OSError if another server has locked the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.audio_folder = folder / "audio"
        self.audio_folder.mkdir(parents=True, exist_ok=True)
        self._folder_lock = _lock(folder / "lock")
        self._lock = threading.Lock()
        self._database = sqlite3.connect(folder / "jobs.sqlite3", check_same_thread=False, isolation_level=None)
        self._database.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {SCHEMA}")
        with suppress(sqlite3.OperationalError):  # the column exists, unless the folder is an earlier release's
            self._database.execute("ALTER TABLE jobs ADD COLUMN options TEXT NOT NULL DEFAULT '{}'")
        self._remove_partial_uploads()

    def close(self) -> None:
        """Close the database and unlock the folder."""
        self._database.close()
        os.close(self._folder_lock)

    def audio(self, job_id: str) -> Path:
        """Return where the audio of a job is stored until the job is done."""
        return self.audio_folder / job_id

    def add(self, job: Job) -> None:
        """Accept a job durably: its audio and its row are on the disk when this returns."""
        _sync(self.audio(job.id))
        _sync(self.audio_folder)
        self._write(
            "INSERT INTO jobs (id, owner, filename, language, options, state, accepted_at) "
            "VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
            (job.id, job.owner, job.filename, job.options.language, json.dumps(asdict(job.options)), time.time()),
        )

    def finish(self, job_id: str, *, state: str, answer: dict[str, Any]) -> None:
        """Store the answer, then delete the audio."""
        self._write("UPDATE jobs SET state = ?, answer = ? WHERE id = ?", (state, json.dumps(answer), job_id))
        self.audio(job_id).unlink(missing_ok=True)

    def get(self, job_id: str, owner: str) -> Job | None:
        """Return the job if it belongs to this owner, else None."""
        rows = self._read("WHERE id = ? AND owner = ?", (job_id, owner))
        return rows[0] if rows else None

    def waiting(self) -> list[Job]:
        """Return every job without an answer, oldest first."""
        return self._read("WHERE state = 'waiting' ORDER BY number", ())

    def _remove_partial_uploads(self) -> None:
        known = {job.id for job in self.waiting()}
        for path in self.audio_folder.iterdir():
            if path.name not in known:
                path.unlink()

    def _write(self, statement: str, values: Sequence[object]) -> None:
        with self._lock:
            self._database.execute(statement, values)

    def _read(self, condition: str, values: Sequence[object]) -> list[Job]:
        with self._lock:
            # The condition is one of the constants above, never a client's text.
            rows = self._database.execute(
                f"SELECT id, owner, filename, language, options, state, answer FROM jobs {condition}",  # noqa: S608
                values,
            ).fetchall()
        return [_job(*row) for row in rows]


def _job(job_id: str, owner: str, filename: str, language: str, options: str, state: str, answer: str) -> Job:
    stored = {"language": language, **json.loads(options)}
    stored["vocabulary"] = tuple(stored.get("vocabulary", ()))
    stored["words"] = tuple((word, at) for word, at in stored.get("words", ()))
    return Job(job_id, owner, filename, Options(**stored), state, json.loads(answer))


def _lock(path: Path) -> int:
    """Lock the folder against a second server, which would delete the first one's uploads as partial."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path)) from error
    return handle


def _sync(path: Path) -> None:
    """Flush a file's bytes, or a folder's names, to the disk (fsync)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
