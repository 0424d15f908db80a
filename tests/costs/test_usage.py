"""Minutes and money by month, team and provider, for a team and for the console."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.costs.test_budgets import spend
from tests.views.conftest import client_of
from transcripts.models import Charge
from transcripts.selectors.costs import usage
from transcripts.services import quotas
from transcripts.services.costs import budgets, charges

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


def words_of(content: bytes) -> str:
    return " ".join(content.decode().split())


def test_a_team_sees_its_own_months(cast: Cast) -> None:
    spend(cast.team, "1.25")
    spend(cast.charlie.personal_team, "99")
    Charge.objects.filter(team=cast.team).update(at=quotas.month() - timedelta(days=1))
    spend(cast.team, "2.50")
    totals = usage.of_team(cast.team)
    assert [line.cost for line in totals.lines] == ["USD 2.50", "USD 1.25"]
    assert totals.cost == "USD 3.75"
    page = words_of(client_of(cast.vera).get("/teams/newsroom/usage/").content)
    assert "USD 2.50" in page
    assert "No budget" in page
    assert "USD 99" not in page


def test_a_budget_is_shown_with_what_is_spent(cast: Cast) -> None:
    budgets.change(cast.team, Decimal(10), actor=cast.alice)
    spend(cast.team, "2.50")
    page = words_of(client_of(cast.vera).get("/teams/newsroom/usage/").content)
    assert "of USD 10.00, 25 % spent" in page


def test_the_table_has_all_months_and_no_formulas(cast: Cast) -> None:
    spend(cast.team, "1.25")
    cast.team.name = "=1+1"
    cast.team.save(update_fields=["name"])
    answer = client_of(cast.alice).get("/teams/newsroom/usage/csv/")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == list(usage.COLUMNS)
    month = f"{quotas.month():%Y-%m}"
    assert rows[1] == [month, "'=1+1", "SpeechStream", "Recording", "1.00", "1.250000", "USD", "1"]


def test_the_console_shows_all_teams_and_keeps_the_names_of_those_that_are_gone(cast: Cast) -> None:
    gone = factories.make_team("Archive")
    spend(gone, "3")
    spend(cast.team, "1")
    gone.delete()
    operator = client_of(factories.make_user("Olga Ops", is_staff=True, is_superuser=True))
    page = words_of(operator.get("/admin/usage/").content)
    assert "Archive" in page
    assert "USD 4.00 in the last year" in page
    assert b"Archive" in operator.get("/admin/usage/csv/").content
    assert client_of(cast.alice).get("/admin/usage/").status_code == 302


def test_a_budget_is_set_in_the_console_by_the_service(cast: Cast) -> None:
    operator = client_of(factories.make_user("Olga Ops", is_staff=True, is_superuser=True))
    operator.post("/admin/transcripts/budget/add/", {"team": cast.team.pk, "amount": "12.50"})
    budget = cast.team.budget
    assert budget.micros == 12_500_000
    operator.post(f"/admin/transcripts/budget/{budget.pk}/change/", {"amount": "20"})
    budget.refresh_from_db()
    assert budget.micros == 20_000_000
    operator.post(f"/admin/transcripts/budget/{budget.pk}/delete/", {"post": "yes"})
    assert budgets.of(cast.team) is None


def test_a_cost_is_rounded_to_a_millionth() -> None:
    assert charges.cost_micros(Decimal("0.006"), 60_000) == 6000
    assert charges.cost_micros(Decimal("0.0001"), 1) == 0
    assert charges.cost_micros(Decimal("0.1"), 1) == 2
    assert charges.in_words(1_234_567_890) == "USD 1,234.57"
