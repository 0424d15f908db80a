"""The statuses of acts on many recordings, their transitions, and what became of each recording."""

from __future__ import annotations

from django.db.models import TextChoices


class BulkStatus(TextChoices):
    """queued ⇄ running → done / failed; what is done is queued again to be undone, and then undone."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"


class BulkVerb(TextChoices):
    """What is done to many recordings."""

    MOVE = "move", "Move to a folder"
    TAG = "tag", "Add a tag"
    UNTAG = "untag", "Remove a tag"
    ASSIGN = "assign", "Assign"
    RETRANSCRIBE = "retranscribe", "Transcribe again"
    DELETE = "delete", "Delete"


class ItemOutcome(TextChoices):
    """What became of one recording of a bulk act; empty while it waits."""

    DONE = "done", "Done"
    UNCHANGED = "unchanged", "Was so already"
    REFUSED = "refused", "Refused"


class UndoOutcome(TextChoices):
    """What became of one recording of a bulk act that is undone; empty while it waits, or if nothing was done to it."""

    UNDONE = "undone", "Undone"
    KEPT = "kept", "Kept as it is"


ACTIVE_BULK = (BulkStatus.QUEUED, BulkStatus.RUNNING)

BULK_TRANSITIONS: dict[str, tuple[str, ...]] = {
    BulkStatus.RUNNING: (BulkStatus.QUEUED,),
    # Its worker died, or it is to be undone
    BulkStatus.QUEUED: (BulkStatus.RUNNING, BulkStatus.DONE, BulkStatus.FAILED),
    BulkStatus.DONE: (BulkStatus.RUNNING,),
    BulkStatus.UNDONE: (BulkStatus.RUNNING,),
    BulkStatus.FAILED: ACTIVE_BULK,
}
