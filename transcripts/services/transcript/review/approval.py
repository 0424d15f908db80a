"""Approving a transcript: by whom it can be, and what has to be decided first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from transcripts.access import Guest
from transcripts.models import Claim, Conflict, Edit, LiveSession, Segment, Transcript
from transcripts.models.choices import OPEN_LIVE, EditKind, TranscriptStatus
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, rows
from transcripts.services.transcript.review import status

if TYPE_CHECKING:
    from uuid import UUID

    from transcripts.access import Actor

# A review makes no transcript one's own work: edits do, and decided conflicts.
WORK = (EditKind.EDIT, EditKind.DECISION)
OWN_WORK = "You edited this transcript, and your team wants someone else to approve it."
CHANGED = "This transcript changed while you were approving it. Look at the changes, then approve it again."
STILL_LIVE = "This session is still live. Approve the transcript once it has ended."


class AsksAboutDoubts(Refused):
    """There are doubtful words that no one has reviewed; the person who approves has to say that they know."""

    def __init__(self, count: int) -> None:
        words = "1 doubtful word is" if count == 1 else f"{count:,} doubtful words are"
        super().__init__("confirm_doubtful", f"{words} not reviewed yet. Approve the transcript anyway?", count=count)
        self.count = count


def approve(transcript: Transcript, *, actor: Actor, seq: int, known_doubts: int = 0) -> Edit:
    """Approve a transcript as it is after the change `seq`, which is the last that the actor's page has.

    `known_doubts` is how many doubtful words the actor was asked about. Raises Refused, and AsksAboutDoubts if there
    are more.
    """
    # The words are counted before the lock; whatever comes between changes the number
    last = Transcript.objects.values_list("changes", flat=True).get(pk=transcript.pk)
    _refuse_doubts(transcript, known_doubts)
    with transaction.atomic():
        number = changes.number_for(transcript.pk)
        if number != last + 1 or _changed_since(transcript.pk, seq, actor):
            raise Refused("transcript_changed", CHANGED)
        _refuse_unfinished(transcript)
        if transcript.recording.team.forbids_own_approval and is_own_work(transcript.pk, actor):
            raise Refused("own_work", OWN_WORK)
        Claim.objects.filter(transcript=transcript).delete()
        return status.write(transcript, number, TranscriptStatus.APPROVED, actor=actor)


def doubtful_words(transcript_id: UUID) -> int:
    """Count the words of low confidence in segments that no one has reviewed."""
    segments = Segment.objects.filter(transcript=transcript_id, is_reviewed=False).order_by()
    found = segments.values_list("words", flat=True).iterator(500)
    return sum(rows.doubtful(words) for words in found)


def is_own_work(transcript_id: UUID, actor: Actor) -> bool:
    """Tell whether the actor edited the transcript since it was last approved."""
    edits = Edit.objects.filter(transcript=transcript_id)
    approvals = edits.filter(kind=EditKind.STATUS, operations__0__to=TranscriptStatus.APPROVED).order_by("-number")
    since = approvals.values_list("number", flat=True).first() or 0
    mine = {"guest": actor.share} if isinstance(actor, Guest) else {"author": actor}
    return edits.filter(number__gt=since, kind__in=WORK, **mine).exists()


def _refuse_doubts(transcript: Transcript, known: int) -> None:
    count = doubtful_words(transcript.pk)
    if not count:
        return
    if transcript.recording.team.forbids_doubtful_approval:
        words = "1 doubtful word is" if count == 1 else f"{count:,} doubtful words are"
        raise Refused("doubtful_words", f"{words} left. Your team wants each reviewed, corrected or accepted first.")
    if count > known:
        raise AsksAboutDoubts(count)


def _refuse_unfinished(transcript: Transcript) -> None:
    if LiveSession.objects.filter(transcript=transcript, status__in=OPEN_LIVE).exists():
        raise Refused("still_live", STILL_LIVE)
    left = Conflict.objects.filter(segment__transcript=transcript, resolved_at=None).count()
    if left:
        conflicts = "1 conflict" if left == 1 else f"{left:,} conflicts"
        raise Refused("open_conflicts", f"Decide {conflicts} first: two texts are offered for one place.")


def _changed_since(transcript_id: UUID, seq: int, actor: Actor) -> bool:
    """Tell whether someone else changed the text after the last change that the actor saw."""
    later = Edit.objects.filter(transcript=transcript_id, number__gt=seq)
    later = later.exclude(kind__in=(EditKind.STATUS, EditKind.REVIEW))
    return (later if isinstance(actor, Guest) else later.exclude(author=actor, author__isnull=False)).exists()
