"""How far the review of a transcript is, as pages get it with each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.models import Assignment, Claim, Segment, Transcript

if TYPE_CHECKING:
    from uuid import UUID

COLUMNS = ("word_count", "reviewed_words", "status", "status_edit__number")


def described(transcript_id: UUID) -> dict[str, Any]:
    """Return how many words are reviewed, the status, and the claims.

    `stamp` is another text whenever the header of the page has to say something else.
    """
    words, reviewed, status, change = Transcript.objects.values_list(*COLUMNS).get(pk=transcript_id)
    assigned = Assignment.objects.filter(transcript=transcript_id).values_list("assignee", "due_on").first()
    claims = [described_claim(one) for one in open_claims(transcript_id)]
    return {
        "words": words,
        "reviewed": reviewed,
        "status": status,
        "claims": claims,
        "stamp": stamp(status, change, assigned),
    }


def stamp(status: str, change: int | None, assigned: tuple[Any, ...] | None) -> str:
    """Name what the header says of a review."""
    return " ".join(str(one or "-") for one in (status, change, *(assigned or ("", ""))))


def open_claims(transcript_id: UUID) -> list[Claim]:
    """Return the claims that have not expired, in the order of the text."""
    found = Claim.objects.open().filter(transcript=transcript_id)
    return list(found.select_related("holder", "first", "last").order_by("first__position"))


def described_claim(claim: Claim) -> dict[str, Any]:
    """Return a claim as pages get it: from which present segment to which, who holds it, until when."""
    present = Segment.objects.filter(transcript=claim.transcript_id)
    inside = present.filter(position__gte=claim.first.position, position__lte=claim.last.position)
    first = inside.order_by("position").first() if claim.first.is_removed else claim.first
    last = inside.order_by("-position").first() if claim.last.is_removed else claim.last
    return {
        "id": claim.pk,
        "from": first.key if first else "",
        "to": last.key if last else "",
        "user": claim.holder_id,
        "name": str(claim.holder),
        "until": claim.expires_at.isoformat(),
    }
