"""Everything that one segment ever said, with who wrote it, and what the machine transcribed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcripts import access
from transcripts.models import Edit, EditedSegment, Segment
from transcripts.models.choices import EditKind, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Transcript

# Texts that are listed of one transcript; one who types makes a text a second.
MOST = 200
FIELDS = ("after__text", "before__text", "after__is_removed")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from transcripts.models import Transcript

# Texts that are listed of one transcript; one who types makes a text a second.
MOST = 200
FIELDS = ("after__text", "before__text", "after__is_removed")


@dataclass(frozen=True, slots=True)
class Said:
    """What a segment said after the change `number`; `is_gone` if it was taken out of the text then.

    `name` is empty for the machine. `is_earlier` says that this was in the transcript that the present one continues.
    """

    number: int
    text: str
    name: str
    at: datetime
    is_gone: bool = False
    is_earlier: bool = False


@dataclass(frozen=True, slots=True)
class SegmentHistory:
    """The texts of a segment, newest first, and the machine's."""

    transcript: Transcript
    segment: Segment
    texts: list[Said]
    machine: str
    may_edit: bool


def segment_history(user: User, transcript_id: UUID, key: str) -> SegmentHistory:
    """Return what a segment ever said. Raises access.NotFound."""
    transcript = access.get_transcript(user, transcript_id)
    segment = access.segment_in(transcript.pk, key)
    return SegmentHistory(
        transcript=transcript,
        segment=segment,
        texts=list(_everything(transcript, key)),
        machine=_machine(segment),
        may_edit=access.allows(user, transcript.recording, access.Level.EDIT),
    )


def _machine(segment: Segment) -> str:
    if segment.machine:
        return str(segment.machine["text"])
    return segment.text if segment.origin == Origin.MACHINE else ""


def _everything(transcript: Transcript, key: str) -> Iterator[Said]:
    """Yield the texts of a segment, then those that it had in the transcripts before this one."""
    present: Transcript | None = transcript
    while present is not None:
        yield from _texts(present, key, is_earlier=present is not transcript)
        present = present.job.base_transcript if present.job else None


def _texts(transcript: Transcript, key: str, *, is_earlier: bool) -> Iterator[Said]:
    segment = Segment.with_removed.filter(transcript=transcript, key=key).first()
    if segment is None:
        return
    found = EditedSegment.objects.filter(segment=segment).order_by("-edit__number")
    rows = list(found.values_list("edit_id", *FIELDS)[:MOST])
    edits = Edit.objects.defer("operations").select_related("author").in_bulk([row[0] for row in rows])
    # What the segment said after the edit that is looked at, the newest first
    says = segment.text
    for edit_id, text, was, is_gone in rows:
        edit = edits[edit_id]
        if text is not None or is_gone is not None:
            yield Said(edit.number, says, edit.author_name, edit.created_at, bool(is_gone), is_earlier)
        says = says if was is None else was
    is_first_known = segment.born == 0 and len(rows) < MOST
    if is_first_known and not any(edit.kind == EditKind.RETRANSCRIPTION for edit in edits.values()):
        yield Said(0, says, "", transcript.created_at, is_earlier=is_earlier)
