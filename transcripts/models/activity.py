"""What anyone did, and which processes live."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts.models.recordings import Recording
from transcripts.models.sharing import Share


class Activity(models.Model):
    """What a person or the machine did to a recording, written in the transaction that did it.

    `verb` reads like `recording:renamed`; `is_automatic` marks what no person asked for at that moment. `data`
    never holds transcript text, and no page or rule reads it: what the application needs again has a column.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="activities")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    guest = models.ForeignKey(Share, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    guest_name = models.CharField(max_length=120, blank=True)
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.SET_NULL, related_name="activities"
    )
    verb = models.CharField(max_length=60)
    is_automatic = models.BooleanField(default=False)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes: ClassVar[list[models.Index]] = [
            # The history of a recording
            models.Index(fields=["recording", "-created_at"], name="history"),
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
