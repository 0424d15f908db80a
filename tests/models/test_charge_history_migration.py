"""What was sent before there were charges is counted once, also if the migration is done a second time."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from transcripts.models import Charge, ProviderCall


@pytest.mark.django_db(transaction=True)
def test_each_upload_of_the_past_is_charged_once() -> None:
    job = factories.make_job(factories.make_recording(factories.make_cast().team))
    for outcome in ("ok", "ok", "rate_limited"):
        ProviderCall.objects.create(
            account=job.account, job=job, endpoint="upload", outcome=outcome, audio_ms=60_000, started_at=timezone.now()
        )
    for _ in range(2):
        call_command("migrate", "transcripts", "0048", verbosity=0)
        call_command("migrate", verbosity=0)
        assert list(Charge.objects.values_list("audio_ms", "micros")) == [(60_000, 0)] * 2
