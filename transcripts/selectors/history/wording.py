"""What the history says of its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from transcripts.models.choices import EditDirection, EditKind, TranscriptStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from transcripts.selectors.history.entries import Entry

# More names in one line are counted.
MOST_NAMES = 3


def counted(count: int, noun: str) -> str:
    """Write "1 segment" or "1,204 segments"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def say(entry: Entry, *, labels: Mapping[str, str], conflicts: int = 0, is_continued: bool = False) -> str:
    """Return what an entry did. `labels` are the present names of speakers by their keys.

    `conflicts` counts what a re-transcription left to decide, `is_continued` tells that it took over corrections.
    """
    match entry.sort:
        case EditKind.RETRANSCRIPTION:
            return _retranscribed(entry, conflicts, is_continued=is_continued)
        case "merge_speakers":
            first = entry.changes[0].first
            from_, into = (labels.get(str(first[name]), "a speaker") for name in ("speaker", "into"))
            return f"Merged {from_} into {into}"
        case "rename":
            return _renamed(entry)
    return SAYING.get(entry.sort, _edited)(entry)


def _edited(entry: Entry) -> str:
    added = [
        after for change in entry.changes for before, after in change.speakers.values() if before is None and after
    ]
    if not entry.segments:
        return f"Added {_names(added)}" if added else "Changed no text"
    return f"Edited {counted(entry.segments, 'segment')}"


def _renamed(entry: Entry) -> str:
    pairs = [f"{before} to {after}" for change in reversed(entry.changes) for before, after in change.renamed]
    more = f", and edited {counted(entry.segments, 'segment')}" if entry.segments else ""
    return f"Renamed {_names(pairs)}{more}"


def _retranscribed(entry: Entry, conflicts: int, *, is_continued: bool) -> str:
    if not is_continued:
        return f"{counted(entry.segments, 'segment')} transcribed again"
    found = f", {counted(conflicts, 'conflict')}" if conflicts else ""
    return f"{counted(entry.segments, 'correction')} kept{found}"


def _shifted(entry: Entry) -> str:
    shift_ms = entry.changes[0].shift_ms
    return f"Shifted all times by {shift_ms / 1000:+.3f} s"


def _restored(entry: Entry) -> str:
    ids = entry.changes[0].first["ids"]
    return f"Restored {counted(len(ids), 'segment')}" if isinstance(ids, list) else "Restored the whole transcript"


def _undone(entry: Entry) -> str:
    return f"Undid {counted(len(entry.changes), 'change')}"


def _redone(entry: Entry) -> str:
    return f"Redid {counted(len(entry.changes), 'change')}"


def _accepted(entry: Entry) -> str:
    texts = [text for change in reversed(entry.changes) for _, text in change.first["words"] or ()]
    return f"Accepted {_names([f'“{text}”' for text in texts])}"


def _names(found: list[str]) -> str:
    if len(found) > MOST_NAMES:
        return f"{', '.join(found[:MOST_NAMES])} and {len(found) - MOST_NAMES} more"
    return str(get_text_list(found, "and"))


def _reviewed(entry: Entry) -> str:
    """Say which status the transcript got; a change of an approved one is not what its author meant to reopen."""
    first = entry.changes[0].first
    return "Reopened by a change" if first["because"] else STATUSES.get(str(first["to"]), "Changed the status")


STATUSES: dict[str, str] = {
    TranscriptStatus.DRAFT: "Returned to draft",
    TranscriptStatus.IN_REVIEW: "Opened for review",
    TranscriptStatus.APPROVED: "Approved",
}
SAYING: dict[str, Callable[[Entry], str]] = {
    EditDirection.UNDO: _undone,
    EditDirection.REDO: _redone,
    EditKind.LIVE: lambda entry: f"Transcribed live: {counted(entry.segments, 'segment')}",
    EditKind.DECISION: lambda entry: f"Decided {counted(len(entry.changes), 'conflict')}",
    EditKind.STATUS: _reviewed,
    "first": lambda entry: f"First transcription: {counted(entry.segments, 'segment')}",
    "version": lambda entry: entry.text,
    "restore": _restored,
    "shift_times": _shifted,
    "set_speaker": lambda entry: f"Changed the speaker of {counted(entry.segments, 'segment')}",
    "accept": _accepted,
    "tick": lambda entry: f"Marked {counted(entry.segments, 'segment')} as reviewed",
    "untick": lambda entry: f"Marked {counted(entry.segments, 'segment')} as not reviewed",
}
