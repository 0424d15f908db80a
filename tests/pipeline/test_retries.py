"""One policy says when a failed step is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from transcripts import clock
from transcripts.models import Step
from transcripts.providers.errors import AuthenticationFailed, Busy, RateLimited
from transcripts.services.pipeline.retries import Policy

NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def waits(policy: Policy, error: Exception, *, attempts: int = 0, age: timedelta = timedelta()) -> float | None:
    due_at = policy.retry_at(Step(attempts=attempts, created_at=NOW - age), error)
    return None if due_at is None else (due_at - NOW).total_seconds()


def test_waits_double_up_to_a_minute() -> None:
    assert [waits(Policy(), Busy("away"), attempts=attempts) for attempts in (0, 1, 2, 3, 4, 5, 50)] == [
        2, 4, 8, 16, 32, 60, 60,
    ]  # fmt: skip


def test_a_provider_says_how_long_to_wait() -> None:
    assert waits(Policy(), RateLimited("slow down", retry_after_ms=90_000), attempts=7) == 90


def test_a_permanent_error_is_never_tried_again() -> None:
    assert waits(Policy(), AuthenticationFailed("no")) is None


@pytest.mark.parametrize(("age", "gives_up"), [(timedelta(hours=1), False), (timedelta(hours=1, seconds=1), True)])
def test_patience_ends(age: timedelta, *, gives_up: bool) -> None:
    assert (waits(Policy(patience=timedelta(hours=1)), Busy("away"), age=age) is None) == gives_up


def test_patience_counts_from_a_given_moment() -> None:
    policy, step = Policy(patience=timedelta(hours=1)), Step(attempts=0, created_at=NOW - timedelta(days=1))
    assert policy.retry_at(step, Busy("away"), since=NOW) == NOW + timedelta(seconds=2)
    assert policy.retry_at(step, Busy("away"), since=NOW, at_least=timedelta(seconds=5)) == NOW + timedelta(seconds=5)


def test_attempts_end() -> None:
    policy = Policy(attempts=5)
    assert [waits(policy, ZeroDivisionError(), attempts=attempts) is None for attempts in (0, 3, 4)] == [
        False, False, True,
    ]  # fmt: skip
