"""Speech being recorded now."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts.models.authors import Authored
from transcripts.models.choices import LIVE_TRANSITIONS, EndReason, LiveStatus, MarkerKind
from transcripts.models.providers import ProviderAccount, Wished
from transcripts.models.recordings import Recording
from transcripts.models.transcripts import Transcript
from transcripts.models.transitions import StatusQuerySet


class LiveSessionQuerySet(StatusQuerySet["LiveSession"]):
    """Live sessions."""

    transitions = LIVE_TRANSITIONS


class LiveSession(Wished):
    """Speech being recorded now; starting → live → finishing → finished / abandoned.

    Audio comes in numbered frames of `frame_bytes` bytes: 16-bit mono samples at `rate_hz`. The pieces on disk say
    how many are safe; `frames` is what was last noted of it. One web process at a time holds the session: `holder`
    until `lease_until`; each that takes it raises `fence`, and every write of words names it. Until `slot_until` the
    session has one of its account's live slots; without one it is recorded, but not transcribed live. Words are final
    up to `final_until_ms`, where the next connection to the provider begins. `is_whole` says that every word was
    transcribed live. `gaps` lists the stretches [from_ms, until_ms] that no live words will come for, because the
    provider was away too long; `unconfirmed` those of which only provisional words came, which are text all the same.
    `provisional` is what the last holder left behind of such words. Since `paused_at` no page that records has been
    connected; it is noted once the lease has expired. `ended_because` names the limit that ended the session, of
    `ended_after_minutes`; both are empty if a person ended it. `speakers` and other wishes are all that the
    person chose before, also what the provider can't do live: another may transcribe the recording again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="live_session")
    transcript = models.OneToOneField(Transcript, on_delete=models.CASCADE, related_name="live_session")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="live_sessions")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=10, choices=LiveStatus, default=LiveStatus.STARTING)
    rate_hz = models.PositiveIntegerField(default=16_000)
    frame_bytes = models.PositiveIntegerField(default=3_200)
    frames = models.PositiveBigIntegerField(default=0)
    final_until_ms = models.PositiveBigIntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    gaps = models.JSONField(default=list, blank=True)
    unconfirmed = models.JSONField(default=list, blank=True)
    provisional = models.JSONField(default=dict, blank=True)
    holder = models.CharField(max_length=64, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    slot_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=10, choices=EndReason, blank=True)
    ended_after_minutes = models.PositiveIntegerField(null=True, blank=True)
    speakers = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = LiveSessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(status__in=LiveStatus.values), name="live_known_status"),
            models.CheckConstraint(
                condition=models.Q(rate_hz__gt=0) & models.Q(frame_bytes__gt=0), name="live_frames_have_length"
            ),
            models.CheckConstraint(condition=models.Q(speakers__gte=1), name="live_has_a_speaker"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The conductor: sessions that no page records any more, and those to be finished
            models.Index(
                fields=["status", "seen_at"],
                name="open_sessions",
                condition=models.Q(status__in=("starting", "live", "finishing")),
            ),
            # A session that wants a live slot of an account: how many are taken
            models.Index(
                fields=["account", "slot_until"],
                name="taken_slots",
                condition=models.Q(slot_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} session of {self.recording_id}"

    def ms(self, frames: int) -> int:
        """The length of so many frames in milliseconds."""
        return frames * self.frame_bytes * 1000 // (2 * self.rate_hz)


class Marker(Authored):
    """A moment that someone marked, with what they noted; or where the session continued after a break.

    The browser chooses the id, so that a marker sent twice is one. `change` is the number of the transcript's change
    that wrote it last. A marker with `removed_at` is not shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="markers")
    kind = models.CharField(max_length=6, choices=MarkerKind, default=MarkerKind.MARK)
    at_ms = models.PositiveBigIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    change = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at_ms", "created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=MarkerKind.values), name="marker_known_kind"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The markers of a recording in their order
            models.Index(fields=["recording", "at_ms"], name="markers_in_order"),
        ]

    def __str__(self) -> str:
        return f"Marker at {self.at_ms} ms of {self.recording_id}"
