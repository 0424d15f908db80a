"""Accounts that give no slot, and jobs that wait to be sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transcripts import throttle
from transcripts.models import ProviderAccount, ProviderCall, Step
from transcripts.models.choices import StepKind
from transcripts.services.provider_accounts import accounts

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from transcripts.models import Recording


def until_it_waits(pipeline: Pipeline, *recordings: Recording) -> None:
    """Prepare recordings; their accounts give no slot until that is done."""
    while Step.objects.filter(kind=StepKind.PREPARE).exclude(status="done").exists():
        pipeline.step_once()
    assert Step.objects.filter(kind=StepKind.SUBMIT, status="ready").count() == len(recordings)


def close(account: ProviderAccount) -> None:
    """Let the account have one slot a minute, which is taken for an hour."""
    ProviderAccount.objects.filter(pk=account.pk).update(upload_limit=1, upload_window_ms=60_000)
    account.refresh_from_db()
    throttle.remember(replace(accounts.window(account), window_ms=3_600_000), [0])


def uploads_of(account: ProviderAccount) -> int:
    """Return how many uploads to the account were begun."""
    return ProviderCall.objects.filter(account=account, endpoint="upload").count()
