"""Sessions that no page is connected to record: said while it lasts, and ended by the silence rule.

A browser that dies says nothing, so a session is paused once its lease has run out. What was recorded is kept whatever
happens: the page may come back and continue, and a session that is ended here is put together like any other.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from transcripts import clock, events
from transcripts.models import LiveSession
from transcripts.models.choices import LiveStatus
from transcripts.services.live import leases, lifecycle


def update() -> None:
    """Note which sessions are paused, and end those that were for too long. The conductor calls it each second."""
    _note_paused()
    _note_resumed()
    _end_abandoned()


def _note_paused() -> None:
    """Note since when no one has been connected, and tell the pages."""
    # The lease was renewed for the last time when the page was seen; the index knows that moment
    lapsed = Q(status=LiveStatus.LIVE, paused_at=None, seen_at__lt=clock.now() - leases.LEASE)
    for session in LiveSession.objects.filter(lapsed).select_related("recording"):
        with transaction.atomic():
            if LiveSession.objects.filter(lapsed, pk=session.pk).update(paused_at=F("seen_at")):
                events.publish_to_transcript(
                    session.transcript_id, {"type": "paused", "since": session.seen_at.isoformat()}
                )
                events.publish("recording.changed", session.recording)


def _note_resumed() -> None:
    """Forget the pause of a session whose process only came late to renew its lease, and tell the pages."""
    renewed = Q(status=LiveStatus.LIVE, paused_at__isnull=False, seen_at__gt=F("paused_at"))
    for session in LiveSession.objects.filter(renewed).select_related("recording"):
        with transaction.atomic():
            if LiveSession.objects.filter(renewed, pk=session.pk).update(paused_at=None):
                events.publish_to_transcript(session.transcript_id, {"type": "resumed"})
                events.publish("recording.changed", session.recording)


def _end_abandoned() -> None:
    """End the sessions that have been paused for as long as silence may last; 0 minutes never ends one."""
    if not settings.LIVE_SILENCE_MINUTES:
        return
    long_ago = clock.now() - timedelta(minutes=settings.LIVE_SILENCE_MINUTES)
    abandoned = Q(status=LiveStatus.LIVE, paused_at__lt=long_ago, seen_at__lt=long_ago)
    for session in LiveSession.objects.filter(abandoned):
        lifecycle.finish(session, because="away", only=abandoned)
