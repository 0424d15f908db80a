"""What a person is told of, in the page and in the digest of a day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Team
from transcripts import clock
from transcripts.models.choices import NotificationKind
from transcripts.models.library.folders import Folder
from transcripts.models.recordings import Recording


class Notification(models.Model):
    """One thing that happened to a recording, folder or team, for one person, written in the transaction that did it.

    `is_shown` says that it is in their list, `digest` that it waits for the mail of the day; a person may want either
    alone. A mail that is sent immediately is no row of this.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    recording = models.ForeignKey(Recording, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NotificationKind)
    actor_name = models.CharField(max_length=150, blank=True)
    is_shown = models.BooleanField(default=True)
    digest = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=NotificationKind.values), name="notification_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(recording=None, folder__isnull=False, team=None)
                | models.Q(recording__isnull=False, folder=None, team=None)
                | models.Q(recording=None, folder=None, team__isnull=False),
                name="notification_of_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], condition=models.Q(is_shown=True), name="notifications_of_a_person"),
            models.Index(fields=["created_at"], condition=models.Q(digest=True), name="waiting_for_a_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user}"

    @property
    def about(self) -> Recording | Folder | Team:
        """What it is about."""
        return self.recording or self.folder or self.team  # type: ignore[return-value]  # by the constraint, it is one of them
