"""What a team wants for its new recordings, and how long it keeps recordings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from accounts.models import Team
from transcripts import clock
from transcripts.models.providers import ProviderAccount, Wished
from transcripts.providers.capabilities import Wishes

if TYPE_CHECKING:
    from datetime import datetime

# A shorter retention reaches no recording sooner than this.
NOTICE = timedelta(days=7)


class TeamDefaults(Wished):
    """The defaults of a team.

    `language`, `account` and wishes are for recordings whose sender doesn't say otherwise. A recording older than
    `retention_days` goes to the trash, but not within NOTICE of `retention_since`, when that was chosen; 0 keeps all.
    With `keeps_audio` nothing of the team is sent to a provider outside this instance.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="defaults")
    language = models.CharField(max_length=35, blank=True, help_text="BCP-47 tag; empty lets the provider decide.")
    account = models.ForeignKey(ProviderAccount, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    keeps_audio = models.BooleanField(default=False, db_default=False)
    retention_days = models.PositiveIntegerField(default=0)
    retention_since = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "team defaults"
        indexes: ClassVar[list[models.Index]] = [
            # Housekeeping: the teams that do not keep everything
            models.Index(fields=["team"], condition=models.Q(retention_days__gt=0), name="team_retention"),
        ]

    def __str__(self) -> str:
        return f"Defaults of {self.team}"

    @classmethod
    def wishes_of(cls, team_id: int) -> Wishes:
        """Return what a team wishes for its recordings."""
        found = cls.objects.filter(team=team_id).first()
        return found.wishes if found else Wishes()

    @classmethod
    def language_of(cls, team_id: int) -> str:
        """Return the language of a team's recordings; empty without one."""
        return cls.objects.filter(team=team_id).values_list("language", flat=True).first() or ""

    def trashed_at(self, created_at: datetime) -> datetime | None:
        """Return when a recording of this moment goes to the trash; None if it is kept."""
        if not self.retention_days:
            return None
        return max(created_at + timedelta(days=self.retention_days), self.retention_since + NOTICE)
