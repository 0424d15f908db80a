"""Charges for what was sent before there were any: their minutes, at no price."""

from itertools import islice
from typing import Any

from django.db import migrations

NOT_TAKEN = ("error", "failed", "rate_limited")
BATCH = 1000


def charge_the_past(apps: Any, schema_editor: Any) -> None:
    Charge = apps.get_model("transcripts", "Charge")
    calls = apps.get_model("transcripts", "ProviderCall").objects.filter(endpoint="upload", job__isnull=False)
    calls = calls.exclude(outcome__in=NOT_TAKEN).order_by("pk")
    fields = ("pk", "account_id", "audio_ms", "started_at", "job__recording__team_id", "job__recording__team__name")
    rows = calls.values_list(*fields).iterator(BATCH)
    # No more than a batch is in memory, and what an earlier run wrote stays as it is
    while batch := list(islice(rows, BATCH)):
        Charge.objects.bulk_create([Charge(**_charge(*row)) for row in batch], ignore_conflicts=True)


def _charge(pk: int, account: int, audio_ms: int, at: Any, team: int, name: str) -> dict[str, Any]:
    told = {"call_id": pk, "account_id": account, "team_id": team, "team_name": name, "at": at}
    return {**told, "kind": "recording", "audio_ms": audio_ms, "micros": 0}


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0048_costs")]

    operations = [migrations.RunPython(charge_the_past, migrations.RunPython.noop)]
