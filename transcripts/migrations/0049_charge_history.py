"""Charges for what was sent before there were any: their minutes, at no price."""

from typing import Any

from django.db import migrations

NOT_TAKEN = ("error", "failed", "rate_limited")
BATCH = 1000


def charge_the_past(apps: Any, schema_editor: Any) -> None:
    Charge = apps.get_model("transcripts", "Charge")
    calls = apps.get_model("transcripts", "ProviderCall").objects.filter(endpoint="upload", job__isnull=False)
    calls = calls.exclude(outcome__in=NOT_TAKEN).order_by("pk")
    fields = ("pk", "account_id", "audio_ms", "started_at", "job__recording__team_id", "job__recording__team__name")
    batch = []
    for pk, account, audio_ms, at, team, name in calls.values_list(*fields).iterator(BATCH):
        batch.append(
            Charge(
                call_id=pk,
                account_id=account,
                team_id=team,
                team_name=name,
                kind="recording",
                audio_ms=audio_ms,
                micros=0,
                at=at,
            )
        )
    Charge.objects.bulk_create(batch, batch_size=BATCH)


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("transcripts", "Charge").objects.filter(micros=0).delete()


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0048_costs")]

    operations = [migrations.RunPython(charge_the_past, forget)]
