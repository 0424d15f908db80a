"""What a transcript says, and everything that it ever said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.models import User
from transcripts.models import Comment, Conflict, Edit, Segment
from transcripts.selectors.history.segment import segment_history


def text(transcript: str) -> list[list[str]]:
    """Return the present segments: key and text."""
    return [list(row) for row in Segment.objects.filter(transcript__id=transcript).values_list("key", "text")]


def reviewed(transcript: str) -> list[list[str]]:
    """Return the segments that are marked as reviewed: key and text."""
    found = Segment.objects.filter(transcript__id=transcript, is_reviewed=True).order_by("position")
    return [list(row) for row in found.values_list("key", "text")]


def commented(transcript: str) -> list[list[str]]:
    """Return what comments say, the words that their authors chose, and those that they are at."""
    found = Comment.objects.present().filter(transcript__id=transcript, parent=None).select_related("segment")
    return [[one.body, one.quoted, _covered(one)] for one in found.order_by("body")]


def _covered(comment: Comment) -> str:
    segment = comment.segment
    return "" if segment is None or segment.is_removed else segment.text[comment.begin : comment.end]


def past(transcript: str) -> dict[str, Any]:
    """Return the texts of each segment's history, as Alice reads them, and the words of the open conflicts."""
    alice = User.objects.get(email="alice@example.org")
    keys = Segment.with_removed.filter(transcript__id=transcript).values_list("key", flat=True)
    histories = {key: segment_history(alice, UUID(transcript), key).texts for key in keys}
    conflicts = Conflict.objects.filter(segment__transcript__id=transcript, resolved_at=None)
    return {
        "texts": {key: [said.text for said in texts] for key, texts in histories.items()},
        "conflicts": list(conflicts.values_list("offered", flat=True)),
    }


def edits(transcript: str) -> list[list[Any]]:
    """Return the edits in their order: number, author, batch of the author's page, direction, operations."""
    found = Edit.objects.filter(transcript__id=transcript).order_by("number")
    return [
        list(row)
        for row in found.values_list("number", "author__name", "client", "client_number", "direction", "operations")
    ]
