"""One answer of a transcript's history: its newest entries, or those before a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.models import Conflict, Segment, Speaker, Version
from transcripts.models.choices import EditKind
from transcripts.selectors.history import changes, entries, wording
from transcripts.selectors.history.unseen import unseen

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Transcript
    from transcripts.selectors.history.entries import Entry
    from transcripts.selectors.history.unseen import Unseen

MOST = 50
# An entry may hold thousands of edits: what is read for one answer is bounded, and a long entry continues in the next.
MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class History:
    """Entries, newest first. `before` is what to ask for next, None if these are the oldest of this transcript.

    `unseen` is what others changed since the person last looked. `earlier` is the transcript that this one was
    transcribed again from: its history is the one before.
    """

    transcript: Transcript
    may_edit: bool
    entries: list[Entry] = field(default_factory=list)
    before: int | None = None
    earlier: Transcript | None = None
    unseen: Unseen | None = None


def history(user: User, transcript_id: UUID, *, before: int | None = None) -> History:
    """Return what happened to a transcript before a change, or last. Raises access.NotFound."""
    transcript = access.get_transcript(user, transcript_id)
    versions = Version.objects.filter(transcript=transcript).select_related("author")
    if before is not None:
        versions = versions.filter(number__lt=before)
    found, older = entries.grouped(
        transcript.pk,
        changes.newest_first(transcript.pk, before=before),
        list(versions),
        MOST,
        MOST_CHANGES,
    )
    base = transcript.job.base_transcript if transcript.job else None
    if older is None and base is None and not _is_live(transcript):
        found.append(entries.of_first(transcript))
    _measure(transcript, found)
    _word(transcript, found, is_continued=base is not None)
    return History(
        transcript=transcript,
        may_edit=access.allows(user, transcript.recording, access.Level.EDIT),
        entries=found,
        before=older,
        unseen=unseen(user, transcript) if before is None else None,
        earlier=base if older is None else None,
    )


def _is_live(transcript: Transcript) -> bool:
    session = getattr(transcript.recording, "live_session", None)
    return session is not None and session.transcript_id == transcript.pk


def _measure(transcript: Transcript, found: list[Entry]) -> None:
    """Count the segments of each entry, and say from when to when they are."""
    by_number = {change.number: entry for entry in found for change in entry.changes}
    segments: dict[int, set[int]] = {}
    if by_number:
        for number, segment, start_ms, end_ms in changes.touched(transcript.pk, min(by_number), max(by_number)):
            entry = by_number.get(number)
            if entry is None:
                continue
            segments.setdefault(id(entry), set()).add(segment)
            if start_ms is not None and end_ms is not None:
                entry.start_ms = start_ms if entry.start_ms is None else min(entry.start_ms, start_ms)
                entry.end_ms = max(entry.end_ms or 0, end_ms)
    for entry in found:
        entry.segments = len(segments.get(id(entry), ()))
        if entry.sort == "first":
            entry.segments = Segment.with_removed.filter(transcript=transcript, born=0).count()


def _word(transcript: Transcript, found: list[Entry], *, is_continued: bool) -> None:
    labels = dict(Speaker.objects.filter(transcript=transcript).values_list("key", "label"))
    has_run = any(entry.sort == EditKind.RETRANSCRIPTION for entry in found)
    conflicts = Conflict.objects.filter(segment__transcript=transcript, edit=None).count() if has_run else 0
    for entry in found:
        entry.text = wording.say(entry, labels=labels, conflicts=conflicts, is_continued=is_continued)
