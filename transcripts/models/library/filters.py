"""Filters of the library that people named."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from transcripts import clock


class SavedFilter(models.Model):
    """A filter and a sort order of the library under a name, for the person who saved it.

    `query` is the query of the library's address, as `selectors/library/filters.py` writes it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("user", Lower("name"), name="one_filter_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
