"""What the editor of a transcript starts with: compact rows first, the times of the words once the text is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from transcripts import access
from transcripts.document.placement import placed
from transcripts.models import Edit, Segment, Transcript
from transcripts.models.choices import EditDirection, Origin
from transcripts.services.transcript import changes, rows
from transcripts.services.transcript.review import state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from uuid import UUID

    from accounts.models import User
    from transcripts.access import Actor

# So many of one's own edits can be undone after a reload.
DEPTH = 500
IS_HUMAN, IS_UNCONFIRMED, IS_REVIEWED = 1, 2, 4


def data(user: User, transcript: Transcript, *, may_edit: bool, socket: str = "") -> dict[str, Any]:
    """Return what the page hands to the editor; `rows` are lists to keep it small.

    A row is [id, speaker, start_ms, end_ms, text, language, flags]: 1 if a person wrote it, 2 if it is unconfirmed, 4
    if it is reviewed.
    """
    undo, redo = undo_stacks(user, transcript)
    level = access.level_on(user, transcript.recording) or access.Level.VIEW
    page = transcript.get_absolute_url()
    return {
        "change": transcript.changes,
        "editable": may_edit,
        "canComment": level >= access.Level.COMMENT,
        "language": transcript.language,
        "rows": compact_rows(transcript),
        "speakers": changes.described_speakers(transcript.pk),
        "conflicts": [changes.described_conflict(one) for one in changes.open_conflicts(transcript.pk)],
        "review": state.described(transcript.pk),
        "undo": undo,
        "redo": redo,
        "urls": {
            "edits": reverse("transcript_edits", args=[transcript.pk]),
            "words": reverse("transcript_words", args=[transcript.pk]),
            "conflicts": f"{page}conflicts/",
            "review": reverse("transcript_review", args=[transcript.pk]),
            "status": reverse("transcript_status", args=[transcript.pk]),
            "assignment": reverse("transcript_assignment", args=[transcript.pk]),
            "claims": reverse("transcript_claims", args=[transcript.pk]),
            "comments": reverse("transcript_comments", args=[transcript.pk]),
            "speakers": f"{page}speakers/",
            "names": reverse("transcript_names", args=[transcript.pk]),
            "vocabulary": reverse("transcript_vocabulary", args=[transcript.pk]),
            "subtitles": reverse("transcript_subtitles", args=[transcript.pk]),
            "clip": reverse("transcript_clip", args=[transcript.pk]),
            "socket": socket or f"/ws/transcripts/{transcript.pk}/",
        },
        "me": {"id": user.pk, "name": str(user), "manages": level >= access.Level.MANAGE},
    }


def compact_rows(transcript: Transcript) -> list[list[Any]]:
    """Return the segments of a transcript as rows."""
    names = ("key", "speaker__key", "start_ms", "end_ms", "text", "language", "origin", "is_reviewed")
    session = getattr(transcript.recording, "live_session", None)
    unconfirmed = {tuple(span) for span in session.unconfirmed} if session else set()
    found = transcript.segments.order_by("position").values_list(*names)
    return [_compact(row, unconfirmed) for row in found]


def _compact(row: Sequence[Any], unconfirmed: AbstractSet[tuple[int, int]]) -> list[Any]:
    """Return a row as a list; words that stayed provisional are a segment with the times of their span."""
    key, speaker, start_ms, end_ms, text, language, origin, is_reviewed = row
    flags = IS_HUMAN if origin == Origin.HUMAN else IS_UNCONFIRMED if (start_ms, end_ms) in unconfirmed else 0
    flags |= IS_REVIEWED if is_reviewed else 0
    return [key, speaker or "", start_ms, end_ms, text, language, flags]


def words(actor: Actor, transcript_id: UUID) -> dict[str, Any]:
    """Return where each word is in text and time, by segment. Raises access.NotFound."""
    # The number first: what is changed after it comes through the feed
    transcript = access.get_transcript(actor, transcript_id)
    found = Segment.objects.filter(transcript=transcript).order_by("position").values_list("key", "text", "words")
    return {
        "change": transcript.changes,
        "words": {key: placed(text, words) for key, text, words in found.iterator(500)},
    }


def undo_stacks(actor: Actor, transcript: Transcript) -> tuple[list[int], list[int]]:
    """Return the numbers of one's own edits that can be undone, and of undoings that can be redone, newest last."""
    mine = Edit.objects.filter(transcript=transcript, **rows.author_fields(actor)).exclude(client="")
    newest = mine.order_by("-number").values_list("number", "direction")[: 3 * DEPTH]
    undo: list[int] = []
    redo: list[int] = []
    for number, direction in reversed(newest):
        if direction == EditDirection.UNDO:
            undo[-1:] = []
            redo.append(number)
        elif direction == EditDirection.REDO:
            redo[-1:] = []
            undo.append(number)
        else:
            undo.append(number)
            redo.clear()
    return undo[-DEPTH:], redo[-DEPTH:]
