"""Claims: a lock on a stretch of a transcript, held by one person for as long as they renew it.

An edit of another that changes a segment of the stretch is refused whole, and its page keeps it. What is decided is
whether a segment that changes is between the first and the last of the claim: so words can be put before and behind
it, but a segment at its border can't be merged with one outside by anyone but the holder.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from accounts.models import User
from transcripts import clock
from transcripts.access import NotFound
from transcripts.models import Claim, Segment, Transcript
from transcripts.services import activities
from transcripts.services.errors import Refused
from transcripts.services.transcript import changes
from transcripts.services.transcript.review import state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from transcripts.access import Actor
    from transcripts.services.transcript.stored_rows import Changed

MINUTE = timedelta(minutes=1)
EXPIRED = "This claim has expired or was released. Claim the stretch again if you still need it."


@transaction.atomic
def claim(transcript: Transcript, first: str, last: str, *, actor: User) -> Claim:
    """Claim the segments from one to another, in place of what the actor had claimed. Raises Refused."""
    _lock(transcript.pk)
    ends = sorted((_present(transcript.pk, key) for key in (first, last)), key=lambda segment: segment.position)
    for other in state.open_claims(transcript.pk):
        if other.holder_id != actor.pk and _overlaps(other, ends[0].position, ends[1].position):
            raise Refused("claimed", _sentence(other))
    fields = {"first": ends[0], "last": ends[1], "claimed_at": clock.now(), "expires_at": _expiry()}
    made, _ = Claim.objects.update_or_create(transcript=transcript, holder=actor, defaults=fields)
    activities.record("transcript:claimed", transcript.recording, actor=actor)
    changes.publish_review(transcript.pk)
    return made


@transaction.atomic
def renew(transcript: Transcript, claim_id: int, *, actor: User) -> Claim:
    """Hold a claim for longer, while its holder is active. Raises Refused if it has expired."""
    _lock(transcript.pk)
    mine = Claim.objects.open().filter(pk=claim_id, transcript=transcript, holder=actor)
    if not mine.update(expires_at=_expiry()):
        raise Refused("no_claim", EXPIRED)
    changes.publish_review(transcript.pk)
    return mine.get()


@transaction.atomic
def release(claim: Claim, *, actor: User) -> None:
    """Release a claim that the actor got from `access`. Nothing happens if it is released already."""
    _lock(claim.transcript_id)
    found, _ = Claim.objects.filter(pk=claim.pk).delete()
    if found:
        activities.record("transcript:released", claim.transcript.recording, actor=actor)
        changes.publish_review(claim.transcript_id)


def refuse_foreign(transcript_id: UUID, changed: Sequence[Changed], actor: Actor) -> None:
    """Raise Refused if an edit changes a segment that someone else has claimed; call it in the edit's transaction."""
    for one in state.open_claims(transcript_id):
        is_own = isinstance(actor, User) and one.holder_id == actor.pk
        if not is_own and any(_overlaps(one, row.position, row.position) for row in changed):
            raise Refused("claimed", f"{_sentence(one)} Your change is kept on this page until then.")


def _lock(transcript_id: UUID) -> None:
    """Let edits and other claims wait: they take the transcript's number first."""
    Transcript.objects.select_for_update().get(pk=transcript_id)


def _present(transcript_id: UUID, key: str) -> Segment:
    found = Segment.objects.filter(transcript=transcript_id, key=key).first()
    if found is None:
        raise NotFound
    return found


def _overlaps(claim: Claim, low: int, high: int) -> bool:
    return low <= claim.last.position and high >= claim.first.position


def _expiry() -> datetime:
    return clock.now() + timedelta(minutes=settings.CLAIM_MINUTES)


def _sentence(claim: Claim) -> str:
    left = max(1, -((clock.now() - claim.expires_at) // MINUTE))
    minutes = "1 more minute" if left == 1 else f"{left} more minutes"
    return f"{claim.holder} has claimed this stretch for {minutes}."
