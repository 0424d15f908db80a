"""Keys that a provider refuses: another one is used, or recordings wait; no job fails for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.models import Mail, User
from transcripts.models import Credential, ProcessingJob, ProviderAccount, ProviderCall, Step
from transcripts.providers.errors import AuthenticationFailed
from transcripts.selectors import operations
from transcripts.services.provider_accounts import credentials, environment, health, keys, pausing, refusals

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.support.pipeline import Pipeline
    from tests.support.providers.deepgram import DeepgramDouble
    from tests.support.pulse import PulseDouble
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


def test_an_account_that_an_operator_paused_stays_paused_with_a_new_key(pipeline: Pipeline, root: User) -> None:
    pausing.pause(pipeline.account)
    credentials.enter(pipeline.account, "a new key of theirs", by=root)
    assert pausing.is_paused(pipeline.account.pk)


def test_a_key_is_tested_with_a_sentence(pipeline: Pipeline, speech: SpeechProcess, settings: Settings) -> None:
    key = keys.choose(pipeline.account)
    assert health.test_key(pipeline.account, key).said == "SpeechStream (scripted) accepts the environment’s key."
    settings.STT_API_KEY = "revoked"
    said = health.test_key(pipeline.account, keys.choose(pipeline.account)).said
    assert said.startswith("SpeechStream refuses the environment’s key: ")
    pipeline.bring()
    wait_for_refusal(pipeline)
    assert (
        health.test_key(fresh(pipeline), key).said
        == "SpeechStream (scripted) accepts the environment’s key. What waits is sent now."
    )
    assert fresh(pipeline).key_refused_at is None


def test_no_key_is_said_to_work_that_was_not_tried(pipeline: Pipeline, pulse: PulseDouble, settings: Settings) -> None:
    """Pulse has nothing that shows whether a key is valid, but an upload."""
    settings.STT_PROVIDER, settings.STT_API_ENDPOINT, settings.STT_API_KEY = "pulse", pulse.url, "revoked"
    account = environment.from_environment()
    said = health.test_key(account, keys.choose(account)).said
    assert said.startswith("Pulse answers, but a key can’t be tested without sending audio. The next recording")
    refusals.note(account, keys.choose(account), AuthenticationFailed("No such key"))
    said = health.test_key(ProviderAccount.objects.get(pk=account.pk), keys.choose(account)).said
    assert "Choose “Try again”" in said
    health.check_health_of_all()
    assert ProviderAccount.objects.get(pk=account.pk).key_refused_at is not None


def test_no_key_of_the_account_is_in_what_the_provider_said_of_one(
    pipeline: Pipeline, deepgram: DeepgramDouble, settings: Settings, root: User
) -> None:
    settings.STT_PROVIDER, settings.STT_API_ENDPOINT, settings.STT_API_KEY = "deepgram", deepgram.url, "canary-of-env"
    account = environment.from_environment()
    for entered in ("canary-one-abcd", "canary-two-efgh"):
        credentials.enter(account, entered, by=root)
    body = {"err_msg": "Not canary-one-abcd, canary-two-efgh or canary-of-env"}
    faults = [{"on": kind, "do": "answer", "code": 401, "body": body} for kind in ("upload", "health")]
    deepgram.rescript({"faults": faults})
    pipeline.bring(language="en")
    pipeline.until(lambda: ProviderAccount.objects.filter(pk=account.pk, key_refused_at__isnull=False).exists())
    health.check_health_of_all()
    said = [mail.text for mail in Mail.objects.filter(subject__contains="refuses the key")]
    said += [health.test_key(account, key).said for key in keys.of(account)]
    said += [ProviderAccount.objects.get(pk=account.pk).health_message]
    said += [
        *ProviderCall.objects.values_list("message", flat=True),
        *Step.objects.values_list("last_error", flat=True),
    ]
    assert any("***" in one for one in said)
    assert not [one for one in said if "canary" in one]


def test_operators_are_not_told_again_within_the_hour(
    pipeline: Pipeline, speech: SpeechProcess, settings: Settings, root: User
) -> None:
    settings.STT_API_KEY = "revoked"
    recording = pipeline.bring()
    for _ in range(2):
        wait_for_refusal(pipeline)
        pausing.resume(fresh(pipeline))
    wait_for_refusal(pipeline)
    assert pipeline.job(recording).is_active
    assert Mail.objects.filter(to=root.email, subject__contains="refuses the key").count() == 1


def test_a_key_that_the_provider_takes_again_needs_no_operator(
    pipeline: Pipeline, speech: SpeechProcess, root: User
) -> None:
    speech.rescript({"faults": [{"on": kind, "do": "answer", "code": 401} for kind in ("upload", "health")]})
    recording = pipeline.bring()
    wait_for_refusal(pipeline)
    health.check_health_of_all()
    assert fresh(pipeline).key_refused_at is not None
    speech.rescript({})
    health.check_health_of_all()
    pipeline.until_idle()
    assert pipeline.job(recording).status == "succeeded"
