"""Limits are kept to, used to the full and shared fairly."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import django_rq
import pytest

from accounts.models import User
from tests.support.speech_server.process import SpeechProcess
from transcripts import clock, jobs, queue, throttle
from transcripts.models import ProcessingJob, ProviderAccount, ProviderCall, Step
from transcripts.providers.speechstream.files import SpeechStream
from transcripts.selectors.queue import positions
from transcripts.services.pipeline import fair_queue, submission
from transcripts.services.provider_accounts import accounts, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    import redis
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline

WINDOW = throttle.Window(account_id=7, count=2, window_ms=60_000, deadline_ms=600_000)


@pytest.fixture
def limiter(redis_client: redis.Redis) -> throttle.Window:
    """A limiter that knows its account: two uploads a minute."""
    throttle.remember(WINDOW, [])
    return WINDOW


def test_a_slot_stays_taken_for_a_window_after_the_answer(limiter: throttle.Window) -> None:
    assert throttle.acquire(limiter, "a").taken
    throttle.settle(limiter, "a")
    assert throttle.acquire(limiter, "b").taken
    refused = throttle.acquire(limiter, "c")
    assert not refused.taken
    assert 59_000 < refused.wait_ms <= 60_000 + throttle.MARGIN_MS


def test_a_slot_is_free_once_its_window_is_over(limiter: throttle.Window) -> None:
    for token in ("a", "b"):
        throttle.acquire(limiter, token)
        throttle.settle(limiter, token, age_ms=60_000 + throttle.MARGIN_MS)
    assert throttle.acquire(limiter, "c").taken


def test_a_slot_that_was_not_used_is_given_back(limiter: throttle.Window) -> None:
    for token in ("a", "b"):
        throttle.acquire(limiter, token)
    throttle.release(limiter, "a")
    assert throttle.acquire(limiter, "c").taken


def test_an_upload_that_never_settled_holds_its_slot_until_it_must_be_over(limiter: throttle.Window) -> None:
    throttle.acquire(limiter, "a")
    free, held = throttle.slots(limiter)
    assert free == 0
    assert 650_000 < held <= 660_000


def test_a_cool_down_is_never_shortened(limiter: throttle.Window) -> None:
    throttle.cool(limiter.account_id, 50_000)
    throttle.cool(limiter.account_id, 5_000)
    assert throttle.acquire(limiter, "a").wait_ms > 45_000
    assert min(throttle.slots(limiter)) > 45_000


def test_a_limiter_that_lost_its_memory_says_so_and_is_told(redis_client: redis.Redis) -> None:
    assert throttle.acquire(WINDOW, "a").forgot
    throttle.remember(WINDOW, [1_000, 59_000])
    refused = throttle.acquire(WINDOW, "a")
    assert not refused.taken
    assert refused.wait_ms <= 1_000 + throttle.MARGIN_MS


def test_after_a_loss_of_redis_the_ledger_says_how_full_the_window_is(
    pipeline: Pipeline, redis_client: redis.Redis
) -> None:
    ProviderAccount.objects.update(upload_limit=1, upload_window_ms=60_000)
    pipeline.bring()
    pipeline.until_idle()
    redis_client.flushall()
    pipeline.bring()
    for _ in range(4):
        pipeline.step_once()
    assert ProviderCall.objects.filter(endpoint="upload").count() == 1
    assert throttle.slots(accounts.window(accounts.current()))[0] > 50_000


def test_after_a_loss_of_redis_an_upload_under_way_keeps_its_slot(
    pipeline: Pipeline, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProviderAccount.objects.update(upload_limit=1, upload_window_ms=60_000)
    prepared(pipeline, 2)
    submit, under_way = SpeechStream.submit, []

    def lose_redis_and_submit(self: SpeechStream, *args: Any) -> Any:
        under_way.append(self)
        redis_client.flushall()
        submission.submit_round(pipeline.account.pk)
        return submit(self, *args)

    monkeypatch.setattr(SpeechStream, "submit", lose_redis_and_submit)
    submission.submit_round(pipeline.account.pk)
    assert len(under_way) == 1


def prepared(pipeline: Pipeline, number: int) -> None:
    """So many recordings that wait to be sent."""
    for _ in range(number):
        pipeline.bring()
    for step in Step.objects.filter(kind="prepare"):
        jobs.run_step(step.pk)


def test_a_slot_is_given_back_by_a_recording_that_must_not_be_sent(pipeline: Pipeline) -> None:
    ProviderAccount.objects.update(upload_limit=1, upload_window_ms=60_000, max_bytes=1)
    prepared(pipeline, 1)
    submission.submit_round(pipeline.account.pk)
    assert ProcessingJob.objects.get().error_code == "too_large"
    assert throttle.slots(accounts.window(accounts.current())) == [0]


def test_a_refused_upload_holds_its_slot_for_a_window_and_no_longer(pipeline: Pipeline, speech: SpeechProcess) -> None:
    speech.rescript({"faults": [{"on": "upload", "do": "answer", "code": 500}]})
    ProviderAccount.objects.update(upload_limit=1, upload_window_ms=60_000)
    prepared(pipeline, 1)
    submission.submit_round(pipeline.account.pk)
    [wait] = throttle.slots(accounts.window(accounts.current()))
    assert 50_000 < wait <= 60_000 + throttle.MARGIN_MS


def test_nobody_is_woken_while_no_slot_is_free(pipeline: Pipeline) -> None:
    ProviderAccount.objects.update(upload_limit=1, upload_window_ms=60_000)
    prepared(pipeline, 2)
    submission.submit_round(pipeline.account.pk)
    django_rq.get_queue("provider").empty()
    pipeline.conductor.tick()
    assert queue.waiting("provider") == []


def test_a_round_on_its_way_is_not_doubled(pipeline: Pipeline) -> None:
    prepared(pipeline, 1)
    on_their_way = queue.waiting("provider")
    pipeline.conductor.tick()
    assert queue.waiting("provider") == on_their_way != []


@pytest.fixture
def strict(tmp_path_factory: pytest.TempPathFactory, pipeline: Pipeline, settings: Settings) -> Iterator[SpeechProcess]:
    """A provider that takes 5 uploads in 2 seconds and counts by its own clock."""
    with SpeechProcess(tmp_path_factory.mktemp("strict"), script={}, limits="uploads=5/2,status=0.2") as process:
        settings.STT_API_ENDPOINT, settings.STT_LIMITS = process.url, "uploads=5/2,status=0.2"
        pipeline.account = environment.from_environment()
        yield process


def test_many_recordings_meet_no_429(pipeline: Pipeline, strict: SpeechProcess) -> None:
    for _ in range(12):
        pipeline.bring()
    while ProcessingJob.objects.filter(status__in=("queued", "running")).exists():
        pipeline.conductor.tick()  # due times are kept here: the provider's clock is a real one
        pipeline.work()
    assert ProcessingJob.objects.filter(status="succeeded").count() == 12
    assert [entry["code"] for entry in strict.ledger() if entry["on"] != "health" and entry["code"] != 200] == []


def team_order(pipeline: Pipeline) -> list[str]:
    return [str(step.job.recording.owner)[0].lower() for step in fair_queue.in_order(pipeline.account.pk)]


def test_a_team_with_many_files_does_not_keep_another_waiting(pipeline: Pipeline) -> None:
    throttle.cool(pipeline.account.pk, 100_000)
    bob = User.objects.create_user("bob@example.org", "a password of his")
    for _ in range(4):
        pipeline.bring()
    pipeline.bring(owner=bob)
    pipeline.work()
    assert team_order(pipeline) == ["a", "b", "a", "a", "a"]


def test_who_was_served_longest_ago_goes_first(pipeline: Pipeline) -> None:
    throttle.cool(pipeline.account.pk, 100_000)
    bob = User.objects.create_user("bob@example.org", "a password of his")
    first = pipeline.bring()
    pipeline.bring(owner=bob)
    pipeline.work()
    ProviderCall.objects.create(
        account=pipeline.account, job=pipeline.job(first), endpoint="upload", started_at=clock.now()
    )
    assert team_order(pipeline) == ["b", "a"]


def test_a_waiting_recording_knows_its_place_and_about_when(pipeline: Pipeline) -> None:
    ProviderAccount.objects.update(upload_limit=2, upload_window_ms=60_000)
    throttle.remember(accounts.window(accounts.current()), [20_000, 10_000])
    recordings = [pipeline.bring() for _ in range(3)]
    pipeline.work()
    found = positions([pipeline.person.personal_team.pk])
    places = [found[pipeline.job(recording).pk] for recording in recordings]
    assert [place.position for place in places] == [1, 2, 3]
    seconds = [place.seconds or 0 for place in places]
    assert 35 <= seconds[0] <= 40 < seconds[1] <= 50 < seconds[2] <= 100


def test_places_are_known_without_redis_but_not_the_time(pipeline: Pipeline, settings: Settings) -> None:
    throttle.cool(pipeline.account.pk, 100_000)
    recording = pipeline.bring()
    pipeline.work()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(throttle, "slots", unavailable)
        [place] = positions([recording.team_id]).values()
    assert (place.position, place.seconds) == (1, None)


def unavailable(*_: object) -> list[int]:
    raise throttle.Unavailable


def test_files_of_one_team_do_not_keep_those_of_another_from_the_decoders(pipeline: Pipeline) -> None:
    """Whoever brings twenty files first has theirs prepared in turn with a team that brings two."""
    charlie = User.objects.create_user("charlie@example.org", "a password of his", name="Charlie")
    for _ in range(20):
        pipeline.bring()
    latecomers = [pipeline.bring(owner=charlie) for _ in range(2)]
    prepared_in_order: list[object] = []
    media = django_rq.get_queue("media")
    for job_id in media.job_ids:
        job = media.fetch_job(job_id)
        assert job is not None
        job.perform()
        done = Step.objects.filter(kind="prepare", finished_at__isnull=False)
        prepared_in_order.append(done.latest("finished_at").job.recording_id)
    places = [prepared_in_order.index(recording.pk) for recording in latecomers]
    assert places[0] <= 1
    assert places[1] <= 3
    assert len(set(prepared_in_order)) == 22, "and each is prepared once"


def test_a_live_session_that_ended_goes_before_files_that_wait(pipeline: Pipeline) -> None:
    for _ in range(3):
        pipeline.bring()
    session_id = uuid.uuid4()
    queue.wake_sealing(session_id)
    assert django_rq.get_queue("media").job_ids[0].startswith(f"seal-{session_id}-")
