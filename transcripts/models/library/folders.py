"""Folders and tags of a team."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.models import Team
from transcripts import clock


class Folder(models.Model):
    """A place for recordings of one team; each recording is in one folder at most."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=80)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("team", Lower("name"), name="one_folder_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The library, with what is in the folder."""
        return f"{reverse('library')}?folder={self.pk}"

    @property
    def title(self) -> str:
        """What it is called where recordings are named too."""
        return self.name


class Tag(models.Model):
    """A word that a team marks recordings with; a recording can have several."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("team", Lower("name"), name="one_tag_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
