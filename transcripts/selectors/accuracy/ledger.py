"""The accuracy ledger: word error rate by provider, model, language, speaker, team and month, and what was corrected.

Only transcripts that are approved now count, and the page says how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, F, Sum, Value
from django.db.models.functions import TruncMonth

from transcripts.models import CorrectedWord, Measurement, SpeakerMeasurement
from transcripts.models.choices import TranscriptStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from accounts.models import Team

MOST_ROWS, MOST_WORDS = 30, 40
# The chart of the months, in its own units
MONTHS, BAR, GAP, HEIGHT = 12, 44, 12, 160


@dataclass(frozen=True, slots=True)
class Row:
    """The word error rate of one group."""

    name: str
    transcripts: int
    words: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def errors(self) -> int:
        """All that was wrong."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Word error rate, 1 for as many errors as words; it can be more."""
        return self.errors / self.words if self.words else 0.0

    @property
    def percent(self) -> str:
        """The rate as people read it."""
        return f"{self.rate * 100:.1f} %"

    @property
    def permille(self) -> int:
        """The rate as a bar draws it."""
        return min(1000, round(self.rate * 1000))


@dataclass(frozen=True, slots=True)
class Group:
    """A table: what it is by, and its rows, those with the most words first."""

    title: str
    column: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the chart."""

    x: int
    y: int
    height: int
    label: str
    percent: str

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + BAR // 2

    @property
    def above(self) -> int:
        """Where its number is."""
        return self.y - 6


@dataclass(frozen=True, slots=True)
class Ledger:
    """The page. `months` are in their order."""

    whole: Row
    groups: Sequence[Group]
    months: Sequence[Row]
    corrected: Sequence[tuple[str, str, int]]

    @property
    def bars(self) -> list[Bar]:
        """The last months as the chart draws them; its height is the worst month."""
        shown = self.months[-MONTHS:]
        worst = max((row.rate for row in shown), default=0.0) or 1.0
        heights = [round(HEIGHT * row.rate / worst) for row in shown]
        return [
            Bar(GAP + index * (BAR + GAP), HEIGHT - height + 24, height, row.name, row.percent)
            for index, (row, height) in enumerate(zip(shown, heights, strict=True))
        ]

    @property
    def chart_width(self) -> int:
        """The width of the chart in its own units, the same however few months there are."""
        return MONTHS * (BAR + GAP) + GAP


def of(team: Team | None = None) -> Ledger:
    """Return the ledger of a team, or of all."""
    counted = Measurement.objects.filter(transcript__status=TranscriptStatus.APPROVED)
    if team is not None:
        counted = counted.filter(transcript__recording__team=team)
    groups = [
        Group("By provider", "Provider", _rows(counted, F("transcript__provider"))),
        Group("By model", "Model", _rows(counted, F("transcript__engine"))),
        Group("By language", "Language", _rows(counted, F("transcript__language"))),
        Group("By speaker", "Speaker", _speakers(counted)),
    ]
    if team is None:
        groups.append(Group("By team", "Team", _rows(counted, F("transcript__recording__team__name"))))
    whole = _rows(counted, Value("All", output_field=CharField()))
    return Ledger(whole[0] if whole else Row("All", 0, 0, 0, 0, 0), groups, _months(counted), _corrected(counted))


def _sums(rows: QuerySet[Any, Any], transcripts: str) -> QuerySet[Any, Any]:
    names = ("words", "substitutions", "deletions", "insertions")
    summed: QuerySet[Any, Any] = rows.annotate(
        many=Count(transcripts, distinct=True), **{f"all_{name}": Sum(name) for name in names}
    )
    return summed


def _read(name: str, rest: Sequence[int | None]) -> Row:
    return Row(name, *(int(number or 0) for number in rest))


COLUMNS = ("many", "all_words", "all_substitutions", "all_deletions", "all_insertions")


def _rows(counted: QuerySet[Measurement], by: Combinable) -> list[Row]:
    grouped = _sums(counted.order_by().annotate(by=by).values("by"), "pk").order_by("-all_words")
    return [_read(str(name or ""), rest) for name, *rest in grouped.values_list("by", *COLUMNS)[:MOST_ROWS]]


def _speakers(counted: QuerySet[Measurement]) -> list[Row]:
    """By the names of speakers within their team; one name in two teams is two speakers."""
    mine = SpeakerMeasurement.objects.filter(measurement__in=counted).exclude(label="")
    team = "measurement__transcript__recording__team"
    grouped = _sums(mine.order_by().values("label", team), "measurement").order_by("-all_words")
    return [_read(name, rest) for name, *rest in grouped.values_list("label", *COLUMNS)[:MOST_ROWS]]


def _months(counted: QuerySet[Measurement]) -> list[Row]:
    grouped = _sums(counted.order_by().annotate(month=TruncMonth("approved_at")).values("month"), "pk")
    found = grouped.order_by("month").values_list("month", *COLUMNS)
    return [_read(f"{month:%b %Y}", rest) for month, *rest in found]


def _corrected(counted: QuerySet[Measurement]) -> list[tuple[str, str, int]]:
    words = CorrectedWord.objects.filter(measurement__in=counted).order_by().values("was", "became")
    most = words.annotate(all=Sum("count")).order_by("-all", "was", "became")[:MOST_WORDS]
    return [(row["was"], row["became"], row["all"]) for row in most]
