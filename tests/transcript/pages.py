"""Someone's page of a transcript, and what it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transcripts.services.transcript import edits
from transcripts.services.transcript.edits import Batch

if TYPE_CHECKING:
    from accounts.models import User
    from transcripts.models import Transcript
    from transcripts.models.choices import EditDirection


class Page:
    """Someone's page: it sends batches made on what it last knew."""

    def __init__(self, transcript: Transcript, who: User, client: str) -> None:
        self.transcript, self.who, self.client = transcript, who, client
        self.sent = 0
        self.seq = 0

    def send(self, *operations: dict[str, Any], direction: EditDirection | None = None) -> dict[str, Any]:
        """Send a batch; the page knows nothing of what others did since `seq`."""
        self.sent += 1
        batch = Batch(self.client, self.sent, self.seq, list(operations), direction)
        return edits.apply(self.transcript, batch, actor=self.who)


def say(key: str, was: str, text: str) -> dict[str, Any]:
    return {"op": "set_text", "id": key, "was": was, "text": text}


def texts(transcript: Transcript) -> list[str]:
    return [row.text for row in transcript.segments.all()]
