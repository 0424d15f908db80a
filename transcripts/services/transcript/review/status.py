"""draft → in review → approved, and back: each a numbered change of the transcript that says who and when.

An approved transcript is exactly what was approved: whatever changes its text, its speakers or its times reopens it,
in the transaction of that edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import User
from transcripts import clock, events, queue
from transcripts.access import Guest
from transcripts.models import Edit, Recording, Transcript
from transcripts.models.choices import EditKind, NotificationKind, TranscriptStatus
from transcripts.services import activities, notifications, summaries
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes, rows
from transcripts.services.transcript.review import state
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from transcripts.access import Actor

NOT_NEWEST = "There is a newer transcript of this recording. Open that one, and review it there."
CHANGED = "Someone else has changed the status of this transcript. Look at it again."


@transaction.atomic
def move(transcript: Transcript, to: TranscriptStatus, *, actor: Actor) -> Edit:
    """Give a transcript another status; approving it is `approval.approve`. Raises Refused."""
    number = changes.number_for(transcript.pk)
    return write(transcript, number, to, actor=actor)


def write(transcript: Transcript, number: int, to: TranscriptStatus, *, actor: Actor) -> Edit:
    """Write a status as the change of this number, in the transaction that took it. Raises Refused."""
    if newer_than(transcript) is not None:
        raise Refused("not_newest", NOT_NEWEST)
    edit = _edit(transcript.pk, number, {"to": to}, author=rows.author_fields(actor))
    if not Transcript.objects.filter(pk=transcript.pk).transition(to, status_edit=edit):
        raise Refused("status_changed", CHANGED)
    summaries.refresh(transcript.recording_id)
    activities.record(f"transcript:{to}", transcript.recording, actor=actor, change=number)
    if to == TranscriptStatus.APPROVED:
        concerned = [transcript.recording.owner, *_editors(transcript)]
        who = actor if isinstance(actor, User) else None
        notifications.notify(NotificationKind.APPROVED, concerned, transcript.recording, who)
        queue.wake_round("accuracy_round")
    _tell(edit)
    return edit


def _editors(transcript: Transcript) -> Iterable[User]:
    """Return the members who corrected a transcript."""
    edits = Edit.objects.filter(transcript=transcript, kind=EditKind.EDIT, author__isnull=False)
    still_here = transcript.recording.team.memberships.values("user")
    return User.objects.filter(pk__in=edits.values("author")).filter(pk__in=still_here)


def reopen_after(edit: Edit) -> None:
    """Return an approved transcript to its review, because an edit changed it; call it in the edit's transaction."""
    approved = Transcript.objects.filter(pk=edit.transcript_id, status=TranscriptStatus.APPROVED)
    if not approved.exists():
        return
    number = changes.number_for(edit.transcript_id)
    author = {"author_id": edit.author_id, "guest_id": edit.guest_id, "guest_name": edit.guest_name}
    reopened = _edit(
        edit.transcript_id, number, {"to": TranscriptStatus.IN_REVIEW, "because": edit.number}, author=author
    )
    approved.transition(TranscriptStatus.IN_REVIEW, status_edit=reopened)
    recording = Recording.objects.get(transcripts=edit.transcript_id)
    summaries.refresh(recording.pk)
    actor = Guest(edit.guest, edit.guest_name) if edit.guest else edit.author
    activities.record("transcript:reopened", recording, actor=actor, change=number, because=edit.number)
    _tell(reopened)


def _edit(transcript_id: UUID, number: int, operation: Mapping[str, Any], *, author: Mapping[str, Any]) -> Edit:
    return Edit.objects.create(
        transcript_id=transcript_id,
        number=number,
        kind=EditKind.STATUS,
        operations=[{"op": "status", **operation}],
        created_at=clock.now(),
        **author,
    )


def _tell(edit: Edit) -> None:
    """Tell every page of the transcript, and the library."""
    review = state.described(edit.transcript_id)
    changes.publish(edit.transcript_id, "edit", edit.number, author=edit.author_name, rows=[], review=review)
    events.publish("recording.changed", Recording.objects.get(transcripts=edit.transcript_id))
