"""Where people are in transcripts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts.models.transcripts import Transcript


class Reading(models.Model):
    """Where a person stopped in a transcript, and the number of the last change of it that they have seen.

    `active_seconds` is how long they worked on it, counted only while they want that to be known by name.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="readings")
    position_ms = models.PositiveBigIntegerField(default=0)
    seen_change = models.PositiveBigIntegerField(default=0)
    active_seconds = models.PositiveIntegerField(default=0, db_default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "transcript"], name="one_reading_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.transcript_id}"
