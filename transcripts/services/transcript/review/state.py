"""How far the review of a transcript is, as pages get it with each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.models import Transcript

if TYPE_CHECKING:
    from uuid import UUID


def described(transcript_id: UUID) -> dict[str, Any]:
    """Return how many words there are and how many of them are reviewed."""
    transcript = Transcript.objects.only("word_count", "reviewed_words").get(pk=transcript_id)
    return {"words": transcript.word_count, "reviewed": transcript.reviewed_words}
