"""What was transcribed and what it cost, by month, team and provider, as pages and tables show it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from transcripts.formats.csv import defused
from transcripts.models import Budget, Charge
from transcripts.models.choices import ChargeKind
from transcripts.services import quotas
from transcripts.services.costs import charges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Team

# So far a page looks back; a table has all
MONTHS = 12
COLUMNS = ("Month", "Team", "Provider", "Kind", "Minutes", "Cost", "Currency", "Sent")


@dataclass(frozen=True, slots=True)
class Line:
    """What a team sent to one provider in one month."""

    month: datetime
    team: str
    provider: str
    kind: str
    audio_ms: int
    micros: int
    count: int

    @property
    def cost(self) -> str:
        """The cost in words."""
        return charges.in_words(self.micros)


@dataclass(frozen=True, slots=True)
class TeamBudget:
    """What a team spent this month against what it can; `most` is None without a budget."""

    team: str
    spent: int
    most: int | None

    @property
    def spent_in_words(self) -> str:
        """What was spent."""
        return charges.in_words(self.spent)

    @property
    def most_in_words(self) -> str:
        """What can be spent."""
        return charges.in_words(self.most or 0)

    @property
    def permille(self) -> int:
        """How much of the budget is spent, as a bar draws it."""
        return min(1000, self.spent * 1000 // self.most) if self.most else 1000

    @property
    def percent(self) -> int:
        """The same in percents, beyond a hundred if it was lowered since."""
        return self.spent * 100 // self.most if self.most else 100


@dataclass(frozen=True, slots=True)
class Totals:
    """A page of costs: its lines, newest month first, what they come to, and the budgets of this month."""

    lines: list[Line]
    budgets: list[TeamBudget] = field(default_factory=list)

    @property
    def audio_ms(self) -> int:
        """All audio."""
        return sum(line.audio_ms for line in self.lines)

    @property
    def cost(self) -> str:
        """All costs in words."""
        return charges.in_words(sum(line.micros for line in self.lines))


def of_team(team: Team) -> Totals:
    """Return what a team sent in the last year, and its budget."""
    budget = Budget.objects.filter(team=team).first()
    mine = TeamBudget(str(team), charges.spent_micros(team), budget.micros if budget else None)
    return Totals(_lines(team=team, since=_year_ago()), [mine])


def of_all() -> Totals:
    """Return what all teams sent in the last year, and the budgets there are, the fullest first."""
    spent = dict(Charge.objects.filter(at__gte=quotas.month()).order_by().values_list("team").annotate(Sum("micros")))
    found = Budget.objects.select_related("team")
    budgets = [TeamBudget(str(one.team), int(spent.get(one.team_id) or 0), one.micros) for one in found]
    return Totals(_lines(since=_year_ago()), sorted(budgets, key=lambda one: -one.permille))


def as_csv(team: Team | None = None) -> str:
    """Return a table of all months, of one team or of all."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(_lines(team=team)))
    return output.getvalue()


def _cells(lines: Iterable[Line]) -> Iterable[tuple[str, ...]]:
    for line in lines:
        minutes = Decimal(line.audio_ms) / charges.MINUTE_MS
        cost = Decimal(line.micros) / charges.MICROS
        named = (defused(line.team), defused(line.provider), line.kind)
        yield f"{line.month:%Y-%m}", *named, f"{minutes:.2f}", f"{cost:.6f}", settings.CURRENCY, str(line.count)


def _lines(*, team: Team | None = None, since: datetime | None = None) -> list[Line]:
    found = Charge.objects.all() if team is None else Charge.objects.filter(team=team)
    if since is not None:
        found = found.filter(at__gte=since)
    # A team that is gone keeps the name it had
    name = Coalesce("team__name", "team_name")
    months = found.annotate(month=TruncMonth("at"), name=name).order_by().values("month", "name", "team", "account")
    sums = months.annotate(ms=Sum("audio_ms"), cost=Sum("micros"), count=Count("pk"))
    rows = sums.values_list("month", "name", "account__name", "kind", "ms", "cost", "count")
    lines = [
        Line(month, name, provider, str(ChargeKind(kind).label), int(ms), int(cost), count)
        for month, name, provider, kind, ms, cost, count in rows
    ]
    return sorted(lines, key=lambda line: (-line.month.timestamp(), line.team, line.provider, line.kind))


def _year_ago() -> datetime:
    first = timezone.localtime(quotas.month())
    months = first.year * 12 + first.month - MONTHS
    return timezone.make_aware(datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC).replace(tzinfo=None))
