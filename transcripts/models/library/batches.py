"""Files that a person uploaded together, with one set of options."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts import clock
from transcripts.addresses import address_of


class Batch(models.Model):
    """Several files that were chosen together; its uploads name it, and its `id` is the page's name for it.

    `files` is how many were chosen: those without an upload are still in the browser, or were left out there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="batches")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="batches")
    files = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "batches"
        indexes: ClassVar[list[models.Index]] = [
            # What a person sent last, and the console
            models.Index(fields=["owner", "-created_at"], name="newest_batches_of_owner"),
            models.Index(fields=["-created_at"], name="newest_batches"),
        ]

    def __str__(self) -> str:
        return f"{self.files} files"

    def get_absolute_url(self) -> str:
        """The page of this batch."""
        return address_of("batch", self.pk)
