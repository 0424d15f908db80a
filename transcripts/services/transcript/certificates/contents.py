"""What a certificate says of a transcript, gathered from its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.certificates import Approval, Contents, SegmentText, Sum, history, rewritten
from transcripts.models import Edit, EditedSegment, MediaFile, Segment
from transcripts.models.choices import EditKind, MediaKind, Origin
from transcripts.services import storage
from transcripts.services.errors import Refused
from transcripts.services.transcript import exports, past
from transcripts.services.transcript.stored_rows import StoredRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from transcripts.models import Recording, Transcript

# What of a segment is in the history: the words' times are not.
FIELDS = ("text", "speaker", "start_ms", "end_ms", "is_removed", "merged_into", "is_reviewed")
NO_ORIGINAL = "The original recording is not there any more, so nothing can be certified about it."


def contents(transcript: Transcript, approval: Edit) -> Contents:
    """Return what is certified of a transcript that was approved by an edit. Raises Refused without its recording."""
    recording = transcript.recording
    return Contents(
        title=recording.title,
        language=transcript.language,
        duration_ms=recording.duration_ms or 0,
        engine=transcript.engine,
        change=transcript.changes,
        media_name=_name(recording),
        media=_sum(recording),
        approval=Approval(approval.author_name, moment(approval.created_at)),
        text=exports.export(transcript, "txt").content,
        data=exports.export(transcript, "json").content,
        history=_history(transcript),
        rewritten=rewritten(_segments(transcript)),
    )


def moment(at: datetime) -> str:
    """Return a moment in ISO 8601, in UTC and to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


# The recording


def _name(recording: Recording) -> str:
    upload = getattr(recording, "upload", None)
    return upload.filename if upload else recording.title


def _sum(recording: Recording) -> Sum:
    """Return the sum of the original file, from its bytes if it was not summed when it came."""
    file = MediaFile.objects.filter(recording=recording, kind=MediaKind.ORIGINAL).first()
    if file is None or file.missing_since is not None:
        raise Refused("no_original", NO_ORIGINAL)
    try:
        return Sum(file.bytes, file.sha256) if file.sha256 else Sum.of_file(storage.path_of(file.storage_name))
    except OSError as error:
        raise Refused("no_original", NO_ORIGINAL) from error


# The history


def _history(transcript: Transcript) -> bytes:
    first = [(row.key, row.text) for row in past.rows_at(transcript.pk, 0, StoredRows(transcript.pk)).rows]
    order = transcript.segments.order_by("position").values_list("key", flat=True)
    return history.written(first, _changes(transcript), list(order))


def _changes(transcript: Transcript) -> Iterator[dict[str, Any]]:
    edits = Edit.objects.filter(transcript=transcript).select_related("author").order_by("number")
    touched = _touched(transcript)
    for edit in edits.iterator(500):
        yield {
            "number": edit.number,
            "at": moment(edit.created_at),
            "kind": edit.kind,
            "by": edit.author_name,
            "segments": touched.get(edit.number, []),
            **({"speakers": edit.speakers} if edit.speakers else {}),
            **({"shift_ms": edit.shift_ms} if edit.shift_ms else {}),
            **({"undoes": edit.undoes} if edit.undoes else {}),
            **({"operations": edit.operations} if edit.kind == EditKind.STATUS else {}),
        }


def _touched(transcript: Transcript) -> dict[int, list[Any]]:
    """Return the key of each segment that an edit touched, with its fields before and after, by the edit's number."""
    found: dict[int, list[Any]] = {}
    rows = EditedSegment.objects.filter(edit__transcript=transcript).order_by("edit__number", "pk")
    for number, key, before, after in rows.values_list("edit__number", "segment__key", "before", "after").iterator(500):
        found.setdefault(number, []).append([key, None if before is None else _fields(before), _fields(after)])
    return found


def _fields(changed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: changed[name] for name in FIELDS if name in changed}


# What people changed


def _segments(transcript: Transcript) -> Iterator[SegmentText]:
    people = _people(transcript)
    rows = Segment.with_removed.filter(transcript=transcript).order_by("position")
    for row in rows.iterator(500):
        names, at = people.get(row.pk, ((), ""))
        text = None if row.is_removed else row.text
        yield SegmentText(row.key, row.start_ms, _machine(row), text, tuple(names), at)


def _machine(row: Segment) -> str | None:
    if row.machine:
        return str(row.machine["text"])
    return row.text if row.origin == Origin.MACHINE else None


def _people(transcript: Transcript) -> dict[int, tuple[tuple[str, ...], str]]:
    """Return who changed the text of each segment, by its row's id, and when the last of them did."""
    found: dict[int, tuple[tuple[str, ...], str]] = {}
    rows = EditedSegment.objects.filter(edit__transcript=transcript, edit__kind__in=(EditKind.EDIT, EditKind.DECISION))
    edits = {edit.pk: edit for edit in Edit.objects.filter(transcript=transcript).select_related("author")}
    for segment, edit_id, after in rows.order_by("edit__number").values_list("segment", "edit", "after").iterator(500):
        if "text" in after or "is_removed" in after:
            names, edit = found.get(segment, ((), ""))[0], edits[edit_id]
            found[segment] = (tuple(dict.fromkeys((*names, edit.author_name))), moment(edit.created_at))
    return found
