"""Keys that a provider refuses: another one is used, or recordings wait; no job fails for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.models import Mail, User
from transcripts import clock
from transcripts.models import Credential, ProcessingJob, ProviderAccount
from transcripts.selectors import operations
from transcripts.services.provider_accounts import credentials, health, keys, pausing, refusals, sealing

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root(transactional_db: None) -> User:
    return User.objects.create_superuser("root@example.org", "a password of theirs")


def fresh(pipeline: Pipeline) -> ProviderAccount:
    return ProviderAccount.objects.get(pk=pipeline.account.pk)


def problems() -> list[str]:
    return [one.key for one in operations.overview().problems]


def wait_for_refusal(pipeline: Pipeline) -> None:
    pipeline.until(lambda: fresh(pipeline).key_refused_at is not None)


def test_recordings_wait_for_a_valid_key_and_operators_are_told_once(
    pipeline: Pipeline, speech: SpeechProcess, settings: Settings, root: User
) -> None:
    settings.STT_API_KEY = "revoked"
    first, second = pipeline.bring(), pipeline.bring()
    wait_for_refusal(pipeline)
    for _ in range(2):
        pipeline.step_once()
    assert {job.status for job in ProcessingJob.objects.all()} <= {"queued", "running"}
    assert len(speech.ledger("upload")) == 1
    (mail,) = Mail.objects.filter(to=root.email, subject__contains="refuses the key")
    assert "revoked" not in mail.text
    assert f"refused-{pipeline.account.pk}" in problems()
    assert "doesn’t accept this instance’s key" in pausing.message_of(fresh(pipeline))
    credentials.enter(fresh(pipeline), speech.key, by=root)
    pipeline.until_idle()
    assert {pipeline.job(one).status for one in (first, second)} == {"succeeded"}
    assert fresh(pipeline).key_refused_at is None
    assert Credential.objects.get().last_used_at is not None


def test_another_key_in_the_environment_is_noticed(
    pipeline: Pipeline, speech: SpeechProcess, settings: Settings
) -> None:
    settings.STT_API_KEY = "revoked"
    recording = pipeline.bring()
    wait_for_refusal(pipeline)
    settings.STT_API_KEY = speech.key
    health.check_health_of_all()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"


def test_the_earlier_key_is_used_while_the_newest_is_refused(
    pipeline: Pipeline, speech: SpeechProcess, root: User
) -> None:
    credentials.enter(pipeline.account, "not active yet", by=root)
    recording = pipeline.bring()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
    assert fresh(pipeline).key_refused_at is None
    assert not Mail.objects.filter(subject__contains="refuses").exists()
    assert f"switched-{pipeline.account.pk}" in problems()


def test_a_key_is_rotated_without_a_failed_job(
    pipeline: Pipeline, speech: SpeechProcess, settings: Settings, root: User
) -> None:
    """The provider takes the environment's key, and later only the one that was entered too early."""
    made = credentials.enter(pipeline.account, "not active yet", by=root)
    brought = [pipeline.bring() for _ in range(2)]
    pipeline.until_idle()
    long_ago = clock.now() - refusals.AGAIN_AFTER - timedelta(seconds=1)
    Credential.objects.filter(pk=made.pk, refused_at__isnull=False).update(refused_at=long_ago)
    later = sealing.seal(speech.key)
    Credential.objects.filter(pk=made.pk).update(secret=later)
    settings.STT_API_KEY = "of before"
    brought += [pipeline.bring() for _ in range(2)]
    pipeline.until_idle()
    assert {pipeline.job(one).status for one in brought} == {"succeeded"}
    assert keys.choose(fresh(pipeline)).credential == made
    assert fresh(pipeline).key_refused_at is None


def test_an_account_that_an_operator_paused_stays_paused_with_a_new_key(pipeline: Pipeline, root: User) -> None:
    pausing.pause(pipeline.account)
    credentials.enter(pipeline.account, "a new key of theirs", by=root)
    assert pausing.is_paused(pipeline.account.pk)


def test_a_key_is_tested_with_a_sentence(pipeline: Pipeline, speech: SpeechProcess, root: User) -> None:
    key = keys.choose(pipeline.account)
    assert "answers with this key" in health.test_key(pipeline.account, key)
    assert speech.key not in health.test_key(pipeline.account, key)
