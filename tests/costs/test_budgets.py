"""A budget is never overrun: what doesn't fit waits, says why, and continues once it can."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from tests import factories
from tests.support.audio import write_tone
from tests.teams.conftest import refused
from transcripts import clock
from transcripts.models import Budget, Charge, Notification, ProcessingJob, ProviderAccount, ProviderCall, Step
from transcripts.models.choices import CallOutcome, ChargeKind, JobStatus, NotificationKind, StepKind, WaitsFor
from transcripts.selectors.status import status_of
from transcripts.services import quotas
from transcripts.services.costs import budgets, charges
from transcripts.services.live import lifecycle
from transcripts.services.provider_accounts import environment

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from accounts.models import Team, User
    from tests.factories import Cast
    from tests.support.pipeline import Pipeline
    from transcripts.models import Recording


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.make_cast()


def price(pipeline: Pipeline, settings: Settings, amount: str) -> None:
    """Let a minute cost so much at the account of the pipeline."""
    settings.STT_PRICE = amount
    environment.from_environment()
    pipeline.account.refresh_from_db()


def team_of(pipeline: Pipeline) -> Team:
    return pipeline.person.personal_team


def conduct(pipeline: Pipeline, times: int = 3) -> None:
    """Conduct and work without making due what is put off."""
    for _ in range(times):
        pipeline.conductor.tick()
        pipeline.work()


def waiting(recording: Recording) -> Step:
    return Step.objects.get(job__recording=recording, kind=StepKind.SUBMIT)


def spend(team: Team, amount: str) -> None:
    """Let the team have spent so much this month."""
    Charge.objects.create(
        team=team,
        team_name=team.name,
        account=factories.make_account(),
        kind=ChargeKind.RECORDING,
        audio_ms=60_000,
        micros=int(Decimal(amount) * charges.MICROS),
    )


def test_what_was_sent_keeps_the_price_it_was_sent_at(pipeline: Pipeline, settings: Settings) -> None:
    price(pipeline, settings, "60")
    pipeline.bring()
    pipeline.until_idle()
    charge = Charge.objects.get()
    assert (charge.audio_ms, charge.micros) == (1000, 1_000_000)
    assert charge.team == team_of(pipeline)
    price(pipeline, settings, "120")
    charge.refresh_from_db()
    assert charge.micros == 1_000_000


def test_a_recording_beyond_the_budget_waits_and_says_why_and_until_when(
    pipeline: Pipeline, settings: Settings
) -> None:
    price(pipeline, settings, "60")
    budgets.change(team_of(pipeline), Decimal("0.50"), actor=pipeline.person)
    recording = pipeline.bring()
    conduct(pipeline)
    step = waiting(recording)
    assert step.waits_for == WaitsFor.BUDGET
    assert step.due_at == quotas.next_month()
    assert not ProviderCall.objects.exists()
    status = status_of(pipeline.job(recording), None)
    assert status.kind == "waiting"
    assert status.until == quotas.next_month()
    assert "has spent USD 0.00 of its budget of USD 0.50" in status.reason
    assert "Nothing is lost" in status.reason


def test_a_raised_budget_lets_it_continue_immediately(pipeline: Pipeline, settings: Settings) -> None:
    price(pipeline, settings, "60")
    budgets.change(team_of(pipeline), Decimal("0.50"), actor=pipeline.person)
    recording = pipeline.bring()
    conduct(pipeline)
    budgets.change(team_of(pipeline), Decimal("2"), actor=pipeline.person)
    assert waiting(recording).due_at <= clock.now()
    pipeline.until_idle()
    assert pipeline.job(recording).status == JobStatus.SUCCEEDED


def test_a_new_month_lets_it_continue(pipeline: Pipeline, settings: Settings) -> None:
    price(pipeline, settings, "60")
    team = team_of(pipeline)
    budgets.change(team, Decimal("1"), actor=pipeline.person)
    spend(team, "0.90")
    recording = pipeline.bring()
    conduct(pipeline)
    assert waiting(recording).waits_for == WaitsFor.BUDGET
    # What was spent is of another month, and the step's time has come
    Charge.objects.update(at=quotas.month() - timedelta(minutes=1))
    pipeline.until_idle()
    assert pipeline.job(recording).status == JobStatus.SUCCEEDED


def test_work_without_a_price_never_waits(pipeline: Pipeline) -> None:
    budgets.change(team_of(pipeline), Decimal("0"), actor=pipeline.person)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == JobStatus.SUCCEEDED


def test_what_the_provider_did_not_take_costs_nothing_and_makes_room(
    pipeline: Pipeline, settings: Settings, tmp_path: Path
) -> None:
    price(pipeline, settings, "60")
    budgets.change(team_of(pipeline), Decimal("1.20"), actor=pipeline.person)
    first = pipeline.bring()
    conduct(pipeline, 1)
    call = ProviderCall.objects.get(endpoint="upload")
    second = pipeline.bring(write_tone(tmp_path / "other.wav"))
    conduct(pipeline)
    assert waiting(second).waits_for == WaitsFor.BUDGET
    with transaction.atomic():
        assert charges.void(call)
        budgets.release(team_of(pipeline))
    assert not Charge.objects.filter(call=call).exists()
    pipeline.until_idle()
    assert {pipeline.job(one).status for one in (first, second)} == {JobStatus.SUCCEEDED}


def test_a_refused_upload_is_not_charged(pipeline: Pipeline, settings: Settings) -> None:
    price(pipeline, settings, "60")
    settings.STT_API_KEY = "wrong"
    pipeline.bring()
    uploads = ProviderCall.objects.filter(endpoint="upload")
    pipeline.until(lambda: uploads.filter(outcome=CallOutcome.ERROR).exists())
    assert not Charge.objects.exists()


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("kind", flat=True))


def test_owners_and_admins_are_told_at_each_mark_once(cast: Cast) -> None:
    budgets.change(cast.team, Decimal(100), actor=cast.alice)
    budget = Budget.objects.get()
    for amount, expected in (
        ("79.99", []),
        ("0.01", [NotificationKind.BUDGET_NEAR]),
        ("10", [NotificationKind.BUDGET_NEAR]),
        ("10", [NotificationKind.BUDGET_NEAR, NotificationKind.BUDGET_USED]),
        ("10", [NotificationKind.BUDGET_NEAR, NotificationKind.BUDGET_USED]),
    ):
        spend(cast.team, amount)
        budgets.warn(budget)
        assert told(cast.alice) == expected
    assert told(cast.erin) == told(cast.vera) == []


def test_a_raised_budget_is_told_of_anew(cast: Cast) -> None:
    budgets.change(cast.team, Decimal(100), actor=cast.alice)
    spend(cast.team, "85")
    budgets.warn(Budget.objects.get())
    budgets.change(cast.team, Decimal(200), actor=cast.alice)
    assert told(cast.alice) == [NotificationKind.BUDGET_NEAR]
    spend(cast.team, "80")
    budgets.warn(Budget.objects.get())
    assert told(cast.alice) == [NotificationKind.BUDGET_NEAR] * 2


@pytest.mark.django_db(transaction=True)
def test_two_uploads_that_fit_alone_do_not_overrun_together() -> None:
    team = factories.make_cast().team
    account = factories.make_account()
    ProviderAccount.objects.update(price_a_minute=60)
    account.refresh_from_db()
    Budget.objects.create(team=team, amount=Decimal("1.50"))
    at_once = threading.Barrier(2)

    def send() -> None:
        try:
            at_once.wait()
            with transaction.atomic():
                budget = budgets.locked(team)
                assert budget is not None
                if not budgets.objection(budget, charges.MICROS):
                    call = ProviderCall.objects.create(
                        account=account, endpoint="upload", started_at=clock.now(), audio_ms=1000
                    )
                    charges.charge_upload(call, team)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert charges.spent_micros(team) == charges.MICROS


def test_a_live_session_that_costs_is_refused_without_a_budget_left(pipeline: Pipeline, settings: Settings) -> None:
    settings.STT_LIVE_PRICE = "0.01"
    environment.from_environment()
    team = team_of(pipeline)
    budgets.change(team, Decimal("0.50"), actor=pipeline.person)
    spend(team, "0.50")
    with refused("budget"):
        lifecycle.start(owner=pipeline.person, team=team, title="Meeting")
    ProviderAccount.objects.update(live_price_a_minute=0)
    settings.STT_LIVE_PRICE = "0"
    session = lifecycle.start(owner=pipeline.person, team=team, title="Meeting")
    assert session.recording.team == team


def test_a_charge_stays_when_its_recording_is_deleted(pipeline: Pipeline, settings: Settings) -> None:
    price(pipeline, settings, "60")
    recording = pipeline.bring()
    pipeline.until_idle()
    ProcessingJob.objects.filter(recording=recording).delete()
    ProviderCall.objects.all().delete()
    assert charges.spent_micros(team_of(pipeline)) == 1_000_000
