"""What an instance kept of live sessions, read from its database and folder."""

from __future__ import annotations

import json
import sqlite3
import time
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.support.instance import Instance

ENDED = ("finished", "abandoned", "failed")
SESSION = "SELECT status, is_whole, transcript_id, recording_id, gaps FROM transcripts_livesession WHERE id = ?"
NEWEST = "SELECT id FROM transcripts_transcript WHERE recording_id = ? ORDER BY created_at DESC LIMIT 1"
WORK = """
    SELECT count(*) FROM transcripts_processingjob j JOIN transcripts_livesession s ON s.recording_id = j.recording_id
    WHERE j.status IN ('queued', 'running') AND s.id = ?
"""
SEGMENTS = "SELECT start_ms, end_ms, text, words FROM transcripts_segment WHERE transcript_id = ? ORDER BY position"
ORIGINAL = "SELECT storage_name FROM transcripts_mediafile WHERE kind = 'original' AND recording_id = ?"


@dataclass
class Kept:
    """One session: its sound as samples, its words in their order, and where each begins and ends.

    `words` and `times` are those of its newest text, `live_words` what was written while it lasted, and `gaps` the
    stretches that were left for afterwards.
    """

    status: str
    is_whole: bool
    recording: str
    sound: bytes
    words: list[str]
    times: list[int]
    live_words: list[str]
    gaps: list[list[int]]


def kept(instance: Instance, session: str) -> Kept:
    """Read one session that has ended."""
    with _database(instance) as database:
        row = database.execute(SESSION, (session.replace("-", ""),)).fetchone()
        newest = database.execute(NEWEST, (row["recording_id"],)).fetchone()["id"]
        segments = database.execute(SEGMENTS, (newest,)).fetchall()
        live = database.execute(SEGMENTS, (row["transcript_id"],)).fetchall()
        original = database.execute(ORIGINAL, (row["recording_id"],)).fetchone()
    words, live_words = ([word for one in rows for word in one["text"].split()] for rows in (segments, live))
    times = [time for segment in segments for time in (segment["start_ms"], segment["end_ms"])]
    sound, gaps = b"", json.loads(row["gaps"])
    if original:
        with wave.open(str(instance.folder / "media" / original["storage_name"])) as recording:
            sound = recording.readframes(10**9)
    return Kept(
        row["status"], bool(row["is_whole"]), str(UUID(row["recording_id"])), sound, words, times, live_words, gaps
    )


def until_sealed(instance: Instance, sessions: list[str], *, within_s: float = 60) -> None:
    """Wait until each session is a recording like any other."""
    latest = time.monotonic() + within_s
    while any(_status(instance, session) not in ENDED for session in sessions):
        assert time.monotonic() < latest, "A session was not made a recording in time."
        time.sleep(0.1)


def until_written(instance: Instance, sessions: list[str], *, within_s: float = 120) -> None:
    """Wait until nothing more is being made of any session."""
    latest = time.monotonic() + within_s
    while any(_is_worked_on(instance, session) for session in sessions):
        assert time.monotonic() < latest, "A session was not written in time."
        time.sleep(0.2)


def _is_worked_on(instance: Instance, session: str) -> bool:
    with _database(instance) as database:
        return bool(database.execute(WORK, (session.replace("-", ""),)).fetchone()[0])


def _status(instance: Instance, session: str) -> str:
    with _database(instance) as database:
        return str(database.execute(SESSION, (session.replace("-", ""),)).fetchone()["status"])


def _database(instance: Instance) -> sqlite3.Connection:
    database = sqlite3.connect(instance.folder / "verbatim.sqlite3")
    database.row_factory = sqlite3.Row
    return database
