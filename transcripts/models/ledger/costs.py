"""What work at providers cost, and what teams can spend on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Team
from transcripts import clock
from transcripts.models.choices import ChargeKind
from transcripts.models.live import LiveSession
from transcripts.models.processing import ProviderCall
from transcripts.models.providers import ProviderAccount


class Charge(models.Model):
    """What one upload or live session cost, in millionths of the currency, at the price of the moment it was sent.

    It stays when its recording, call or session is deleted, and with the team that sent it when the recording moves.
    A charge of a call that the provider certainly did not take is removed.
    """

    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="charges")
    team_name = models.CharField(max_length=120)
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=10, choices=ChargeKind)
    call = models.OneToOneField(ProviderCall, null=True, blank=True, on_delete=models.SET_NULL, related_name="charge")
    session = models.OneToOneField(LiveSession, null=True, blank=True, on_delete=models.SET_NULL, related_name="charge")
    audio_ms = models.PositiveBigIntegerField()
    micros = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=ChargeKind.values), name="charge_known_kind"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What a team spent this month, before each upload
            models.Index(fields=["team", "at"], name="charges_of_a_team"),
            # The months of all teams
            models.Index(fields=["at"], name="charges_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.team_name}"


class Budget(models.Model):
    """What a team can spend in a calendar month; without a row it can spend what it likes.

    `warned_percent` is the highest mark that its owners and admins were told of in `warned_month`.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="budget")
    amount = models.DecimalField(
        "amount a month", max_digits=12, decimal_places=2, help_text="In the currency of this instance (CURRENCY)."
    )
    warned_percent = models.PositiveSmallIntegerField(default=0, editable=False)
    warned_month = models.DateField(null=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="budget_is_no_debt"),
        ]

    def __str__(self) -> str:
        return f"Budget of {self.team}"

    @property
    def micros(self) -> int:
        """The amount in millionths of the currency, as charges are."""
        return int(self.amount * 1_000_000)
