"""What a person did to many recordings, and to each of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts import clock
from transcripts.models.library.bulk_choices import (
    ACTIVE_BULK,
    BULK_TRANSITIONS,
    BulkStatus,
    BulkVerb,
    ItemOutcome,
    UndoOutcome,
)
from transcripts.models.recordings import Recording
from transcripts.models.transitions import StatusQuerySet


class BulkActQuerySet(StatusQuerySet["BulkAct"]):
    """Bulk acts."""

    transitions = BULK_TRANSITIONS


class BulkAct(models.Model):
    """One act on many recordings, done by a worker in batches; queued ⇄ running → done / failed, and on to undone.

    `client_id` is the page's name for it: sent twice, it is done once. `team` is that of all its recordings, empty if
    they are of several. With `is_undo` the worker takes back what was done. The lease, `fence` and `kills` are those
    of an export. It can be undone until `undo_until`, and its row is removed at `expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_acts")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="bulk_acts")
    client_id = models.UUIDField()
    verb = models.CharField(max_length=20, choices=BulkVerb)
    parameters = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=BulkStatus, default=BulkStatus.QUEUED)
    is_undo = models.BooleanField(default=False)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    kills = models.PositiveSmallIntegerField(default=0)
    error_message = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    undo_until = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = BulkActQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["actor", "client_id"], name="bulk_act_once"),
            models.CheckConstraint(condition=models.Q(status__in=BulkStatus.values), name="bulk_act_known_status"),
            models.CheckConstraint(
                condition=~models.Q(status=BulkStatus.RUNNING) | models.Q(lease_until__isnull=False),
                name="running_bulk_act_has_lease",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The conductor, each second
            models.Index(fields=["status"], name="open_bulk_acts", condition=models.Q(status__in=ACTIVE_BULK)),
            # Housekeeping
            models.Index(fields=["expires_at"], name="expired_bulk_acts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.total}"

    @property
    def is_active(self) -> bool:
        """Whether a worker still has to do with it."""
        return self.status in ACTIVE_BULK


class BulkItem(models.Model):
    """One recording of a bulk act: what it was before, what was done to it, or why not.

    `before` and `after` are what the verb needs to take it back. One that is gone has no `recording`.
    """

    act = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="items")
    recording = models.ForeignKey(Recording, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=255)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=10, choices=ItemOutcome, blank=True)
    undo_outcome = models.CharField(max_length=10, choices=UndoOutcome, blank=True)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["act", "recording"], name="bulk_item_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What is left to do, and the counts
            models.Index(fields=["act", "outcome", "undo_outcome"], name="bulk_outcomes"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_outcome_display() or 'waits'}"
