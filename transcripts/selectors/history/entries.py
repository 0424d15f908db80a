"""Edits put together as people think of them: what one person did in one go is one entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from transcripts.models.choices import EditKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from transcripts.models import Transcript, Version
    from transcripts.selectors.history.changes import Change

# Edits of one person with longer between them are two entries.
PAUSE = timedelta(minutes=5)
# What is told one by one.
SINGLE = ("restore", "merge_speakers", "shift_times", EditKind.RETRANSCRIPTION, EditKind.STATUS)


@dataclass(slots=True)
class Entry:
    """What is one line of the history: edits, newest first, or a version, or the first transcription.

    It begins after the change `since` and is complete with the change `until`. `text` says what was done, `segments`
    how many it touched.
    """

    transcript_id: UUID
    since: int
    until: int
    sort: str
    name: str
    at: datetime
    changes: list[Change] = field(default_factory=list)
    segments: int = 0
    start_ms: int | None = None
    end_ms: int | None = None
    text: str = ""

    @property
    def is_comparable(self) -> bool:
        """Whether there is a text before it to compare with."""
        return self.sort not in ("first", "tick", "untick", EditKind.LIVE, EditKind.STATUS)

    @property
    def is_restorable(self) -> bool:
        """Whether the text as it was then can be restored: everything but what is only there."""
        return self.sort != EditKind.LIVE


def grouped(
    transcript_id: UUID, changes: Iterator[Change], versions: Sequence[Version], most: int, most_changes: int
) -> tuple[list[Entry], int | None]:
    """Return entries, newest first, and before which number to continue; None if these are all.

    Live words are one entry whatever people changed between them. A version has its place above the edits it names.
    """
    named = sorted(versions, key=lambda version: version.number)
    entries: list[Entry] = []
    live: Entry | None = None
    for count, change in enumerate(changes):
        newest = max(change.number, named[-1].number if named else 0)
        is_named = bool(named) and newest == named[-1].number
        entry = None if is_named else live if change.kind == EditKind.LIVE else _continued(entries, change)
        if count >= most_changes or (entry is None and len(entries) >= most):
            return entries, newest + 1
        while named and named[-1].number >= change.number:
            entries.append(of_version(named.pop()))
        if entry is None:
            entry = _new(transcript_id, change)
            entries.append(entry)
        live = entry if change.kind == EditKind.LIVE else None if is_named else live
        entry.changes.append(change)
        entry.since = change.number - 1
    return [*entries, *(of_version(version) for version in reversed(named))], None


def _continued(entries: Sequence[Entry], change: Change) -> Entry | None:
    """Return the entry that the change belongs to: the last, with live words left out."""
    last = next((entry for entry in reversed(entries) if entry.sort != EditKind.LIVE), None)
    if last is None or not last.changes or change.sort in SINGLE or last.sort != change.sort:
        return None
    newer = last.changes[-1]
    return last if newer.author == change.author and newer.at - change.at <= PAUSE else None


def _new(transcript_id: UUID, change: Change) -> Entry:
    return Entry(transcript_id, change.number - 1, change.number, change.sort, change.name, change.at)


def of_version(version: Version) -> Entry:
    """Return the line of a named version."""
    return Entry(
        transcript_id=version.transcript_id,
        since=version.number,
        until=version.number,
        sort="version",
        name=version.author_name,
        at=version.created_at,
        text=version.name,
    )


def of_first(transcript: Transcript) -> Entry:
    """Return the line of the transcription that the transcript began with."""
    return Entry(transcript.pk, 0, 0, "first", "", transcript.created_at)
