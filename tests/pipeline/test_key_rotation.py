"""A key is replaced while recordings are sent: no job fails, nothing is restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.pipeline import Pipeline
from transcripts.models import MediaFile, ProcessingJob, ProviderAccount
from transcripts.services.pipeline import jobs
from transcripts.services.provider_accounts import credentials, environment, health, keys

if TYPE_CHECKING:
    from pathlib import Path

    import redis
    from pytest_django import Settings

    from tests.support.providers.deepgram import DeepgramDouble
    from transcripts.models import Recording

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = "the-key-of-before", "the-key-of-after"


@pytest.fixture
def pipeline(
    transactional_db: None, redis_client: redis.Redis, deepgram: DeepgramDouble, settings: Settings, tone: Path
) -> Pipeline:
    settings.STT_PROVIDER, settings.STT_API_ENDPOINT, settings.STT_API_KEY = "deepgram", deepgram.url, BEFORE
    settings.STT_LIMITS = "none"
    return Pipeline(environment.from_environment(), tone)


def is_waiting(pipeline: Pipeline) -> bool:
    return ProviderAccount.objects.filter(pk=pipeline.account.pk, key_refused_at__isnull=False).exists()


def send(pipeline: Pipeline, recordings: list[Recording], rounds: int) -> None:
    """Have each of them transcribed so often, all at the same time."""
    for _ in range(rounds):
        for recording in recordings:
            jobs.start(recording, actor=pipeline.person, language="en")
        pipeline.until_idle()


def outcomes() -> dict[str, int]:
    statuses = list(ProcessingJob.objects.values_list("status", flat=True))
    return {status: statuses.count(status) for status in set(statuses)}


def bring(pipeline: Pipeline, count: int) -> list[Recording]:
    brought = [pipeline.bring(language="en") for _ in range(count)]
    pipeline.until_idle()
    # Of unknown audio, as before it was known: each time it is sent, whatever was answered
    MediaFile.objects.update(sha256="")
    return brought


@pytest.mark.parametrize(("at_once", "rounds"), [(4, 3), pytest.param(10, 50, marks=pytest.mark.long, id="500 calls")])
def test_a_key_is_rotated_under_load_without_a_failed_job(
    pipeline: Pipeline, deepgram: DeepgramDouble, at_once: int, rounds: int
) -> None:
    """The provider takes one key, then both, then the other; it changes its mind in the middle of a round."""
    third, half = at_once * rounds // 3, at_once // 2
    deepgram.rescript({"keys": {0: [BEFORE], third + half: [BEFORE, AFTER], 2 * third + half: [AFTER]}})
    recordings = bring(pipeline, at_once)
    while len(deepgram.ledger("upload")) < third + half:
        send(pipeline, recordings, 1)
    credentials.enter(pipeline.account, AFTER, by=pipeline.person)
    while len(deepgram.billed()) < at_once * rounds:
        send(pipeline, recordings, 1)
    assert outcomes() == {"succeeded": len(deepgram.billed())}
    assert len(deepgram.ledger("upload")) == len(deepgram.billed())
    used = {entry["headers"]["Authorization"].partition(" ")[2] for entry in deepgram.billed()}
    assert used == {BEFORE, AFTER}
    assert not is_waiting(pipeline)


def test_a_key_that_is_entered_before_it_is_active_fails_no_job(pipeline: Pipeline, deepgram: DeepgramDouble) -> None:
    """The earlier key is used until it is refused; what is left then waits until the health shows the new one valid."""
    deepgram.rescript({"keys": {0: [BEFORE], 6: [BEFORE, AFTER], 8: [AFTER]}})
    made = credentials.enter(pipeline.account, AFTER, by=pipeline.person)
    brought = [pipeline.bring(language="en") for _ in range(10)]
    while ProcessingJob.objects.exclude(status="succeeded").exists():
        assert set(outcomes()) <= {"queued", "running", "succeeded"}
        pipeline.step_once()
        health.check_health_of_all()
    assert outcomes() == {"succeeded": len(brought)}
    assert keys.choose(ProviderAccount.objects.get(pk=pipeline.account.pk)).credential == made
