"""How a person wants to work."""

from __future__ import annotations

from django.db import models

from accounts.models.people import User


class Preferences(models.Model):
    """How one person wants to work: playback, keys, pedals.

    `values` holds only what differs from the defaults (`accounts/preferences.py`).
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preferences")
    values = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"
