"""What anyone did, and which processes live."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts.models.recordings import Recording
from transcripts.models.sharing import Share


class Activity(models.Model):
    """What a person or the machine did to a recording or a team, written in the transaction that did it.

    Rows are added, and removed only when they are older than ACTIVITY_DAYS: they outlive the team, the recording and
    the person. `verb` reads like `recording:renamed`; `subject` is the title that the recording had, or the name of the
    team; `is_automatic` marks what no person asked for at that moment. `data` never holds transcript text, and no page
    or rule reads it: what the application needs again has a column.
    """

    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="activities")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    guest = models.ForeignKey(Share, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    guest_name = models.CharField(max_length=120, blank=True)
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.SET_NULL, related_name="activities"
    )
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    is_automatic = models.BooleanField(default=False)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes: ClassVar[list[models.Index]] = [
            # The history of a recording
            models.Index(fields=["recording", "-created_at"], name="history"),
            # The log of a team
            models.Index(fields=["team", "-id"], name="activity_of_a_team"),
        ]

    def __str__(self) -> str:
        return self.verb


class Lease(models.Model):
    """A role that one process at a time holds, such as the conductor's. It is free once `until` is past."""

    name = models.CharField(max_length=40, primary_key=True)
    owner = models.CharField(max_length=120)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} held by {self.owner}"
