"""A round of checks: what it asks for, how long it goes on, and when a new one is needed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from transcripts import clock, queue
from transcripts.models import ProviderAccount, Step
from transcripts.services.operations import conductor
from transcripts.services.pipeline import polling

if TYPE_CHECKING:
    import redis

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

SENT = 3


@pytest.fixture
def sent(pipeline: Pipeline, speech: SpeechProcess, redis_client: redis.Redis) -> list[int]:
    """The steps that check three recordings which the provider keeps in work; it is asked once a minute."""
    ProviderAccount.objects.update(status_interval_ms=60_000)
    speech.rescript({"seconds": None})
    for _ in range(SENT):
        pipeline.bring()
    pipeline.until(lambda: Step.objects.filter(kind="check").count() == SENT)
    redis_client.flushall()
    return list(Step.objects.filter(kind="check").values_list("pk", flat=True))


def fall_due(steps: list[int], *, apart: timedelta, first: timedelta = timedelta()) -> None:
    """Let the checks fall due one after the other."""
    for place, step in enumerate(steps):
        Step.objects.filter(pk=step).update(due_at=clock.now() + first + place * apart)


def test_a_round_takes_what_falls_due_while_it_goes_on(sent: list[int], speech: SpeechProcess) -> None:
    before = len(speech.ledger("status"))
    fall_due(sent, apart=timedelta(milliseconds=300))
    polling.check_round()
    assert len(speech.ledger("status")) == before + len(sent)
    assert set(Step.objects.filter(kind="check").values_list("status", flat=True)) == {"ready"}


def test_a_round_ends_when_other_short_work_waits(sent: list[int], speech: SpeechProcess) -> None:
    before = len(speech.ledger("status"))
    fall_due(sent, apart=timedelta(milliseconds=400))
    queue.wake_round("health_round")
    polling.check_round()
    assert len(speech.ledger("status")) == before + 1
    assert [one.partition("-")[0] for one in queue.waiting("default")] == ["health_round", "check_round"]


def test_a_round_does_not_wait_for_what_is_due_later(sent: list[int], speech: SpeechProcess) -> None:
    before = len(speech.ledger("status"))
    fall_due(sent, apart=timedelta(), first=timedelta(minutes=1))
    polling.check_round()
    assert len(speech.ledger("status")) == before


def test_checks_do_not_wake_the_conductor_while_a_round_waits(sent: list[int]) -> None:
    fall_due(sent, apart=timedelta(), first=timedelta(milliseconds=200))
    assert conductor.until_next() < timedelta(milliseconds=201)
    queue.wake_round("check_round")
    assert conductor.until_next() == conductor.TICK
