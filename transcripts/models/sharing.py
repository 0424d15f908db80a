"""Links that let guests in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from transcripts.models.choices import ShareLevel
from transcripts.models.recordings import Recording


class Share(models.Model):
    """A link to a recording for anyone who has it, until `expires_at` and unless revoked.

    `token` is the secret part of the link; members of the team may read it again, so it is kept as it is. `password`
    is a hash, empty if the link asks for none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="shares")
    level = models.CharField(max_length=10, choices=ShareLevel, default=ShareLevel.CAPTIONS)
    token = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(max_length=128, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(level__in=ShareLevel.values), name="share_known_level"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} of {self.recording_id}"
