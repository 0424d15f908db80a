"""A worker holds its step by a lease that it renews, and can write no longer once it has lost it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import InterfaceError, OperationalError

from tests.pipeline.crashes import let_lease_run_out
from transcripts import clock
from transcripts.models import Step
from transcripts.services.pipeline import steps

if TYPE_CHECKING:
    from datetime import datetime

    from tests.support.pipeline import Pipeline


def is_running(held: steps.Claim) -> bool:
    """Tell whether the step is still this claim's."""
    return Step.objects.filter(pk=held.step_id, fence=held.fence, status="running").exists()


def test_of_two_workers_one_gets_the_step(pipeline: Pipeline) -> None:
    pipeline.bring()
    step = Step.objects.get()
    first, second = steps.claim([step.pk]), steps.claim([step.pk])
    assert len(first) == 1
    assert second == []


def test_a_step_is_not_taken_before_it_is_due(pipeline: Pipeline) -> None:
    pipeline.bring()
    step = Step.objects.get()
    Step.objects.update(due_at=clock.now() + timedelta(seconds=30))
    assert steps.claim([step.pk]) == []


def test_a_worker_that_was_given_up_cannot_write_any_more(pipeline: Pipeline) -> None:
    pipeline.bring()
    [old] = steps.claim([Step.objects.get().pk])
    let_lease_run_out(Step.objects.get())
    assert steps.recover(old)
    [new] = steps.claim([old.step_id])
    for write in (
        steps.finish,
        lambda held: steps.fail(held, "late"),
        lambda held: steps.reschedule(held, due_at=clock.now()),
    ):
        with pytest.raises(steps.LostLease):
            write(old)
    assert is_running(new)


def test_of_steps_put_off_together_those_of_another_worker_are_left_alone(pipeline: Pipeline) -> None:
    pipeline.bring()
    pipeline.bring()
    lost, kept = steps.claim(list(Step.objects.values_list("pk", flat=True)))
    let_lease_run_out(Step.objects.get(pk=lost.step_id))
    assert steps.recover(lost)
    [new] = steps.claim([lost.step_id])
    assert steps.reschedule_all({timedelta(minutes=1): [lost], timedelta(minutes=2): [kept]}) == 1
    assert is_running(new)
    put_off = Step.objects.get(pk=kept.step_id)
    assert (put_off.status, put_off.lease_owner, put_off.lease_until) == ("ready", "", None)
    assert put_off.due_at > clock.now() + timedelta(minutes=1)


def test_a_lease_that_was_renewed_is_not_taken_back(pipeline: Pipeline) -> None:
    pipeline.bring()
    [held] = steps.claim([Step.objects.get().pk])
    let_lease_run_out(Step.objects.get())
    [seen_as_expired] = steps.expired()
    Step.objects.update(lease_until=clock.now() + steps.LEASE)
    assert not steps.recover(seen_as_expired)
    assert is_running(held)


def test_the_lease_is_renewed_while_work_goes_on(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "RENEW_EVERY_S", 0.01)
    pipeline.bring()
    [held] = steps.claim([Step.objects.get().pk])
    before = lease_end()
    with steps.renewing(held.owner):
        while lease_end() == before:
            pass
    assert lease_end() > before


def test_a_lease_outlives_a_database_that_is_away_for_a_moment(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "RENEW_EVERY_S", 0.01)
    pipeline.bring()
    [held] = steps.claim([Step.objects.get().pk])
    before = lease_end()
    failures, now = iter([OperationalError, InterfaceError]), clock.now

    def fail_then_tell() -> datetime:
        if error := next(failures, None):
            raise error
        return now()

    monkeypatch.setattr(clock, "now", fail_then_tell)
    with steps.renewing(held.owner) as lost:
        while lease_end() == before and not lost.is_set():
            assert any(thread.name == "renewal" for thread in threading.enumerate())
    assert lease_end() > before


def lease_end() -> datetime:
    """When the only step's lease ends."""
    end = Step.objects.get().lease_until
    assert end is not None
    return end


def test_a_worker_learns_that_its_step_was_cancelled(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "RENEW_EVERY_S", 0.01)
    pipeline.bring()
    [held] = steps.claim([Step.objects.get().pk])
    with steps.renewing(held.owner) as lost:
        Step.objects.update(status="cancelled")
        assert lost.wait(10)
