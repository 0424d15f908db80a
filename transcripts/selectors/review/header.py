"""What the header of a transcript says of its review: status, who reviews it by when, and who has claimed what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.models import Assignment, Transcript
from transcripts.models.choices import TranscriptStatus
from transcripts.selectors.status import TONES
from transcripts.services.transcript import reading
from transcripts.services.transcript.review import assignments, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Edit


@dataclass(frozen=True, slots=True)
class Review:
    """A transcript under review. `members` are those who can be assigned, for a person who may.

    `seconds` is how long people worked on it together, `by_name` how long those did, in ms, who want that to be
    known.
    """

    transcript: Transcript
    assignment: Assignment | None
    members: list[User]
    may_edit: bool
    may_manage: bool
    seconds: int = 0
    by_name: Sequence[tuple[str, int]] = ()

    @property
    def edit(self) -> Edit | None:
        """The change that gave the transcript its status; it says who and when."""
        return self.transcript.status_edit

    @property
    def is_reopened(self) -> bool:
        """Whether a change of the approved transcript reopened it."""
        return self.edit is not None and bool(self.edit.operations[0].get("because"))

    @property
    def milliseconds(self) -> int:
        """How long people worked on it together, in ms."""
        return self.seconds * 1000

    @property
    def minutes_per_minute(self) -> float | None:
        """How many minutes of work a minute of the recording took; None before there is anything to tell."""
        duration_ms = self.transcript.recording.duration_ms
        return round(self.seconds * 1000 / duration_ms, 2) if self.seconds and duration_ms else None

    @property
    def label(self) -> str:
        """The status in words."""
        return TranscriptStatus(self.transcript.status).label

    @property
    def tone(self) -> str:
        """The tone of the status, as in the library."""
        return TONES.get(self.transcript.status, "plain")

    @property
    def stamp(self) -> str:
        """What the page compares to know that its header is outdated."""
        one = self.assignment
        assigned = (one.assignee_id, one.due_on) if one else None
        return state.stamp(self.transcript.status, self.edit.number if self.edit else None, assigned)


def review_of(user: User, transcript_id: UUID) -> Review:
    """Return the review of a transcript. Raises access.NotFound."""
    transcript = access.get_transcript(user, transcript_id)
    level = access.level_on(user, transcript.recording) or access.Level.VIEW
    found = Transcript.objects.select_related("status_edit__author", "assignment__assignee").get(pk=transcript.pk)
    transcript.status, transcript.status_edit = found.status, found.status_edit
    may_edit = level >= access.Level.DECIDE
    return Review(
        transcript=transcript,
        assignment=getattr(found, "assignment", None),
        members=list(assignments.assignable(transcript.recording.team)) if may_edit else [],
        may_edit=may_edit,
        may_manage=level >= access.Level.MANAGE,
        seconds=found.review_seconds,
        by_name=[(name, seconds * 1000) for name, seconds in reading.times_by_name(transcript)] if may_edit else [],
    )
