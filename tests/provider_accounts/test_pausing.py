"""An account that an operator paused: nothing new is sent, what waits says why, and resuming sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests import factories
from transcripts import queue, throttle
from transcripts.models import ProviderAccount, Step
from transcripts.models.choices import Stage, StepKind, StepStatus
from transcripts.selectors.operations.governor import next_at, window_in_words
from transcripts.selectors.queue import positions
from transcripts.services.errors import Refused
from transcripts.services.live import lifecycle
from transcripts.services.operations import conductor
from transcripts.services.pipeline import submission, upload_slots
from transcripts.services.provider_accounts import accounts, environment, pausing

if TYPE_CHECKING:
    import redis

    from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return factories.make_cast()


@pytest.fixture
def waiting(cast: Cast, redis_client: redis.Redis) -> Step:
    """A recording that waits to be sent."""
    environment.from_environment()
    account = ProviderAccount.objects.get()
    job = factories.make_job(factories.make_recording(cast.team), stage=Stage.WAITING, account=account)
    job.steps.all().delete()
    return Step.objects.create(job=job, kind=StepKind.SUBMIT, status=StepStatus.READY, due_at=timezone.now())


def test_nothing_is_sent_to_a_paused_account(waiting: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*of: object) -> bool:
        asked.append(of)
        return False

    monkeypatch.setattr(upload_slots, "acquire", refuse)
    account = waiting.job.account
    assert pausing.pause(account)
    submission.submit_round(account.pk)
    assert asked == []
    assert pausing.resume(account)
    submission.submit_round(account.pk)
    assert len(asked) == 1


def test_the_conductor_wakes_no_one_for_it(waiting: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(queue, "wake_submissions", woken.append)
    pausing.pause(waiting.job.account)
    conductor.wake_due()
    assert woken == []
    pausing.resume(waiting.job.account)
    woken.clear()
    conductor.wake_due()
    assert woken == [waiting.job.account_id]


def test_pausing_twice_is_pausing_once(waiting: Step) -> None:
    account = waiting.job.account
    assert [pausing.pause(account), pausing.pause(account)] == [True, False]
    assert [pausing.resume(account), pausing.resume(account)] == [True, False]


def test_what_waits_says_why(waiting: Step) -> None:
    pausing.pause(waiting.job.account)
    (position,) = positions({waiting.job.recording.team_id}).values()
    assert position.paused.startswith("An operator paused the provider")
    assert position.seconds is None


def test_no_live_session_begins_at_it(waiting: Step, cast: Cast) -> None:
    pausing.pause(accounts.current_live())
    with pytest.raises(Refused) as refused:
        lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting")
    assert refused.value.code == "account_paused"


def test_the_governor_says_what_is_used_and_who_is_next(waiting: Step) -> None:
    account = waiting.job.account
    ProviderAccount.objects.filter(pk=account.pk).update(upload_limit=2)
    account.refresh_from_db()
    throttle.remember(accounts.window(account), [0])
    assert window_in_words(account) == (
        "1 of 2 uploads of 60 s are used; one is free now. "
        "Long uploads are counted from their start, with a margin of 1.5 s."
    )
    (turn,) = next_at(account)
    assert (turn.title, turn.team, turn.seconds) == ("Council meeting", "Newsroom", 0)
    throttle.cool(account.pk, 60_000)
    assert window_in_words(account).startswith("The provider asked to wait for")
    pausing.pause(account)
    account.refresh_from_db()
    assert window_in_words(account).startswith("Paused")


def test_the_governor_says_when_uploads_are_refused_again_and_again(waiting: Step) -> None:
    account = waiting.job.account
    ProviderAccount.objects.filter(pk=account.pk).update(upload_limit=5)
    account.refresh_from_db()
    window = accounts.window(account)
    throttle.remember(window, [])
    throttle.settle(window, "long", took_ms=30_000)
    for token in "abc":
        throttle.settle(window, token, took_ms=30_000, is_refused=True)
    throttle.cool(account.pk, 60_000)
    assert window_in_words(account).startswith("The last 3 uploads were refused. The provider asked to wait for")
    throttle.warm(account.pk)
    assert window_in_words(account).endswith("counted from the provider’s answers, for it counts long uploads late.")
