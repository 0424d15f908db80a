"""What a holder writes of its session: final words, words that stayed provisional, and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from transcripts.models import LiveSession
from transcripts.services.live import gaps, segments
from transcripts.services.live.gaps import Gap
from transcripts.services.live.leases import LostSession, held

if TYPE_CHECKING:
    from transcripts.document import Segment as SpokenSegment
    from transcripts.models import Segment
    from transcripts.services.live.provisional import Provisional


def append(session: LiveSession, spoken: SpokenSegment) -> tuple[Segment, int]:
    """Write a final segment; return it with the number of its change. Raises LostSession."""
    with transaction.atomic():
        number = _next_change(session)
        return segments.add(session, spoken, number), number


def append_provisional(session: LiveSession, provisional: Provisional, *, end_ms: int) -> tuple[Segment, int] | None:
    """Write words that stayed provisional; return them with the number of their change. Raises LostSession."""
    with transaction.atomic():
        number = _next_change(session)
        row = segments.add_unconfirmed(session, provisional, number, end_ms=end_ms)
    return None if row is None else (row, number)


def note_provisional(session: LiveSession, provisional: Provisional | None) -> None:
    """Note what is provisional as the holder leaves, in case the session ends before another one comes."""
    noted = {} if provisional is None else {"text": provisional.text, "until_ms": provisional.until_ms}
    held(session).update(provisional=noted)


def note_gap(session: LiveSession, from_ms: int, until_ms: int) -> tuple[Gap, int]:
    """Note that no live words will come for a stretch; return the whole gap with the number of its change.

    Raises LostSession.
    """
    with transaction.atomic():
        number = _next_change(session)
        present = LiveSession.objects.get(pk=session.pk)
        noted = gaps.joined(present.gaps, from_ms, until_ms)
        # Whoever takes the session over goes on behind the gap.
        reached = max(present.final_until_ms, until_ms)
        LiveSession.objects.filter(pk=session.pk).update(gaps=noted, final_until_ms=reached)
    return Gap(*noted[-1]), number


def _next_change(session: LiveSession) -> int:
    if not held(session).update(changes=F("changes") + 1):
        raise LostSession
    return LiveSession.objects.values_list("changes", flat=True).get(pk=session.pk)
